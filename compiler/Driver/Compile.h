//===- Compile.h - From tile IR to the six files ----------------*- C++ -*-===//
//
// The compile driver: what `tilewright compile`, the Python module and the
// tests call. It parses, verifies, runs the pipeline and emits; whatever goes
// wrong is in the result's diagnostics. It writes nothing but IR dumps.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_DRIVER_COMPILE_H
#define TILEWRIGHT_COMPILER_DRIVER_COMPILE_H

#include "compiler/Driver/Result.h"
#include "compiler/Passes/Options.h"
#include "llvm/ADT/StringRef.h"

namespace tilewright {

/// Compiles the textual IR of one program. `fileName` is what diagnostics about
/// the text itself name. Never throws; a result that is not ok has at least one
/// error with a code, and no files.
CompileResult compile(llvm::StringRef irText, llvm::StringRef fileName,
                      const CompileOptions &options);

/// Compiles the launches of one function, each the IR of a program of its own,
/// to one folder that runs them in order on one device. `workspaces` names the
/// tensors that the launches hand on and no file holds.
CompileResult compileLaunches(const std::vector<std::string> &irTexts,
                              const std::vector<std::string> &workspaces,
                              llvm::StringRef fileName,
                              const CompileOptions &options);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_DRIVER_COMPILE_H
