//===- Diagnostics.h - Coded diagnostics of the compiler ---------*- C++
//-*-===//
//
// Every error that a user can meet has a stable code, listed once, in the
// catalogue of its stage: Codes/StageA.def to Codes/Internal.def. A file that
// reports errors includes the header of its stage (Codes/StageA.h, ...), which
// defines the codes as `Code::Name`; so a new code rebuilds its stage alone.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_SUPPORT_DIAGNOSTICS_H
#define TILEWRIGHT_COMPILER_SUPPORT_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Operation.h"

#include <cstdint>
#include <span>

namespace tilewright {

/// A number of the catalogue: 2001 is printed as TW2001.
enum class DiagnosticCode : uint16_t {};

/// One entry of the catalogue.
struct DiagnosticEntry {
  uint16_t number;          ///< 2001 is printed as TW2001
  std::string_view name;    ///< kebab-case
  std::string_view meaning; ///< one sentence
  std::string_view advice;  ///< what to change
  bool isNoTileForm;        ///< such a program may run element by element
};

/// The catalogue, in order of the codes.
std::span<const DiagnosticEntry> diagnosticCatalogue();

/// Whether the code says that a program has no tile form, not that it is wrong.
bool meansNoTileForm(unsigned number);

/// An error at `location` whose text starts with "[TWnnnn] ".
mlir::InFlightDiagnostic emitCoded(mlir::Location location,
                                   DiagnosticCode code);
mlir::InFlightDiagnostic emitCoded(mlir::Operation *op, DiagnosticCode code);
/// A warning and a remark of the same form.
mlir::InFlightDiagnostic warnCoded(mlir::Location location,
                                   DiagnosticCode code);
mlir::InFlightDiagnostic remarkCoded(mlir::Location location,
                                     DiagnosticCode code);

/// Source name carried by a location (`loc("k"("gemm.py":12:8))`), or "".
llvm::StringRef getSourceName(mlir::Location location);

/// File, line and column behind names, call sites and fusions; line 0 when
/// there is none.
struct SourcePosition {
  llvm::StringRef file;
  unsigned line = 0;
  unsigned column = 0;
};
SourcePosition getSourcePosition(mlir::Location location);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_SUPPORT_DIAGNOSTICS_H
