//===- Diagnostics.cpp - Coded diagnostics of the compiler
//-----------------===//

#include "compiler/Support/Diagnostics.h"

#include "mlir/IR/Location.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace tilewright {

std::span<const DiagnosticEntry> diagnosticCatalogue() {
  static constexpr DiagnosticEntry entries[] = {
#define TW_DIAGNOSTIC(id, number, name, meaning, advice)                       \
  {number, name, meaning, advice, false},
#define TW_NO_TILE_FORM(id, number, name, meaning, advice)                     \
  {number, name, meaning, advice, true},
    // clang-format off: in the order of the codes
#include "compiler/Support/Codes/StageA.def"
#include "compiler/Support/Codes/Layout.def"
#include "compiler/Support/Codes/StageB.def"
#define TW_NO_TILE_FORM(id, number, name, meaning, advice)                     \
  {number, name, meaning, advice, true},
#include "compiler/Support/Codes/StageC.def"
#define TW_NO_TILE_FORM(id, number, name, meaning, advice)                     \
  {number, name, meaning, advice, true},
#include "compiler/Support/Codes/StageD.def"
#include "compiler/Support/Codes/Emit.def"
#include "compiler/Support/Codes/Internal.def"
    // clang-format on
#undef TW_DIAGNOSTIC
  };
  return entries;
}

bool meansNoTileForm(unsigned number) {
  return llvm::any_of(diagnosticCatalogue(), [&](const DiagnosticEntry &entry) {
    return entry.number == number && entry.isNoTileForm;
  });
}

static InFlightDiagnostic withCode(InFlightDiagnostic diag,
                                   DiagnosticCode code) {
  diag << "[TW" << static_cast<unsigned>(code) << "] ";
  return diag;
}

InFlightDiagnostic emitCoded(Location location, DiagnosticCode code) {
  return withCode(emitError(location), code);
}
InFlightDiagnostic emitCoded(Operation *op, DiagnosticCode code) {
  return withCode(emitError(op->getLoc()), code);
}
InFlightDiagnostic warnCoded(Location location, DiagnosticCode code) {
  return withCode(emitWarning(location), code);
}
InFlightDiagnostic remarkCoded(Location location, DiagnosticCode code) {
  return withCode(emitRemark(location), code);
}

StringRef getSourceName(Location location) {
  if (auto name = location->findInstanceOf<NameLoc>())
    return name.getName();
  return {};
}

SourcePosition getSourcePosition(Location location) {
  if (auto file = location->findInstanceOf<FileLineColLoc>())
    return {file.getFilename().getValue(), file.getLine(), file.getColumn()};
  return {};
}

} // namespace tilewright
