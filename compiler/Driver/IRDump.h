//===- IRDump.h - The IR after each pass, as files --------------*- C++ -*-===//
//
// What TT_DUMP_IR=1 writes into its folder:
//
//   00_initial.mlir           the input
//   01_tt-infer-layout.mlir   the IR after each pass, with locations; a
//                             compilation that is given one of these files
//                             goes on after that pass (IRText.h)
//   01_tt-infer-layout.diff   what the pass changed, without locations
//   summary.txt               passes with times, kernels by role, operations,
//                             circular buffers, TT-Metalium calls used
//
// Files of an earlier dump in the same folder are removed first.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_DRIVER_IRDUMP_H
#define TILEWRIGHT_COMPILER_DRIVER_IRDUMP_H

#include "compiler/Driver/Result.h"
#include "compiler/Passes/Options.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace tilewright {

class IRDump {
public:
  IRDump(llvm::StringRef folder, const CompileOptions &options)
      : folder(folder), options(options) {}

  /// Makes the folder, removes an earlier dump from it and writes the input.
  /// The error says what cannot be written; nothing is left then.
  llvm::Error begin(mlir::ModuleOp module);

  /// Writes the IR after the pass `name`.
  void afterPass(llvm::StringRef name, mlir::ModuleOp module);

  /// Writes the summary. The error is the first one of the whole dump; the
  /// files of the dump are removed then.
  llvm::Error finish(mlir::ModuleOp module, llvm::ArrayRef<PassTime> passes);

private:
  void write(llvm::StringRef name, llvm::StringRef content);
  void removeWritten();

  std::string folder;
  const CompileOptions &options;
  std::vector<std::string> written; ///< paths, in order
  std::string failure;              ///< text of the first error, or ""
  std::string previousName;
  std::string previousText; ///< without locations
  unsigned number = 0;
  bool madeFolder = false;
};

/// The folder that TT_DUMP_IR and TT_DUMP_IR_DIR ask for, or "". TT_DUMP_IR is
/// off when it is unset, empty, "0", "false", "no" or "off".
std::string dumpFolderFromEnvironment();

/// The text of summary.txt.
std::string summarizeIR(mlir::ModuleOp module, llvm::ArrayRef<PassTime> passes);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_DRIVER_IRDUMP_H
