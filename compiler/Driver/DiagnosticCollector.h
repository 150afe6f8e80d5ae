//===- DiagnosticCollector.h - MLIR diagnostics as plain data ---*- C++ -*-===//
//
// While a collector lives, every diagnostic of its context ends up in it
// instead of on the terminal.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_DRIVER_DIAGNOSTICCOLLECTOR_H
#define TILEWRIGHT_COMPILER_DRIVER_DIAGNOSTICCOLLECTOR_H

#include "compiler/Driver/Result.h"
#include "compiler/Support/Diagnostics.h"
#include "mlir/IR/Diagnostics.h"

namespace tilewright {

class DiagnosticCollector {
public:
  DiagnosticCollector(mlir::MLIRContext *context, CompileResult &result);

  /// The code of errors that MLIR itself reports from here on, and a note that
  /// says where they come from ("" for none).
  void setUncoded(DiagnosticCode code, std::string note = {});

  /// Errors so far.
  unsigned errors() const { return numErrors; }

private:
  void collect(mlir::Diagnostic &diagnostic);

  CompileResult &result;
  DiagnosticCode uncoded;
  std::string uncodedNote;
  unsigned numErrors = 0;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_DRIVER_DIAGNOSTICCOLLECTOR_H
