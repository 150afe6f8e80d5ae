//===- Registry.h - The registry of TT-Metalium calls --------- -*- C++ -*-===//
//
// What one ODS record of this dialect says about one TT-Metalium call, and how
// to look records up. The data stands in the .td files of this folder only.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_DIALECT_METALIUM_REGISTRY_H
#define TILEWRIGHT_COMPILER_DIALECT_METALIUM_REGISTRY_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <vector>

namespace tilewright::metalium {

/// Generations of the TT-Metalium API that calls are spelled for.
enum class ApiGeneration { M2026_03, M2026_08 };
inline constexpr ApiGeneration kNewestApi = ApiGeneration::M2026_08;

/// "2026-03" or "2026-08"; nullopt for anything else.
std::optional<ApiGeneration> parseApiGeneration(llvm::StringRef name);
llvm::StringRef stringifyApiGeneration(ApiGeneration generation);

/// The text of a call and the compute header that declares it, in one
/// generation. An empty text: the generation does not have the call.
struct CallSpelling {
  llvm::StringRef text;
  llvm::StringRef computeHeader;
};

/// An operand or attribute that a call names.
struct CallArg {
  llvm::StringRef name;
  llvm::StringRef kind; ///< dst, tile, pages, ...; "" for handles, attributes
  llvm::StringRef summary;
};

/// One TT-Metalium call.
struct CallRecord {
  llvm::StringRef opName;
  struct {
    CallSpelling newest;
    CallSpelling m2026_03;
  } spellings;
  llvm::StringRef dmHeader; ///< "" for calls of compute kernels only
  llvm::StringRef threads;  ///< of dm, unpack, math, pack, with '|' between
  llvm::StringRef category; ///< cb, noc, dst, compute, init, sync, args
  llvm::StringRef cost;     ///< entry of arch/, or ""
  llvm::StringRef init;     ///< mnemonic of the op that sets up this one, or ""
  bool constant;            ///< the result is known when the kernel compiles
  std::vector<CallArg> operands;
  std::vector<CallArg> attributes;
  unsigned numResults;
  llvm::StringRef summary;
  llvm::StringRef description;

  const CallSpelling &getSpelling(ApiGeneration generation) const {
    return generation == ApiGeneration::M2026_03 ? spellings.m2026_03
                                                 : spellings.newest;
  }
  /// Whether a data-movement kernel may make the call.
  bool runsOnDataMovement() const;
  /// Whether a compute kernel may make the call.
  bool runsOnCompute() const;
};

/// The record of a call op ("metalium.cb_push_back" or "cb_push_back"), or
/// nullptr. The metalium dialect must be loaded.
const CallRecord *findCall(llvm::StringRef name, mlir::MLIRContext *context);

/// All records by op name; those of one category if it is not empty.
std::vector<const CallRecord *> listCalls(mlir::MLIRContext *context,
                                          llvm::StringRef category = {});

/// The operands of `op` that its record names `name` (empty when absent).
mlir::OperandRange getCallOperands(mlir::Operation *op, llvm::StringRef name);

/// Creates the op that configures the engine for `op`, from its record:
/// operands and attributes of the same names are copied; a CB named `out` that
/// `op` does not have is `out`.
/// Returns nullptr when the record of `op` names no init.
mlir::Operation *createInitFor(mlir::OpBuilder &builder, mlir::Operation *op,
                               mlir::Value out = {});

/// Says on `os` where records are incomplete or contradict themselves.
mlir::LogicalResult checkRegistry(mlir::MLIRContext *context,
                                  llvm::raw_ostream &os);

/// The reference page docs/reference/intrinsics.md.
void printReference(mlir::MLIRContext *context, llvm::raw_ostream &os);

/// The registry as JSON, for tests against the simulator's device API.
void printRegistryJson(mlir::MLIRContext *context, llvm::raw_ostream &os);

} // namespace tilewright::metalium

#endif // TILEWRIGHT_COMPILER_DIALECT_METALIUM_REGISTRY_H
