//===- IRText.h - IR files that say where they come from --------*- C++ -*-===//
//
// A dumped file starts with one comment line that names the last pass that ran
// and the options of the compilation:
//
//   // tilewright-ir: after=tt-verify-stage-b chip=n150 core-grid=8x8 ...
//
// A compilation that is given the file goes on after that pass with these
// options.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_DRIVER_IRTEXT_H
#define TILEWRIGHT_COMPILER_DRIVER_IRTEXT_H

#include "compiler/Passes/Options.h"
#include "mlir/IR/BuiltinOps.h"

#include <string>

namespace tilewright {

/// The module as text. Locations stand inline, so that the text can be parsed
/// again and a new location does not renumber the others. Values are named as
/// in the user's program.
std::string printIR(mlir::ModuleOp module, bool locations);

/// The first line of a dumped file, with its newline. `after` is "" for the
/// input of the compilation.
std::string writeIRHeader(const CompileOptions &options, llvm::StringRef after);

/// Takes over what the first line of `text` says, except for an `after` that
/// the options have already. Text without such a line leaves them as they are.
void readIRHeader(llvm::StringRef text, CompileOptions &options);

/// The parser recurses; text that is nested without end would exhaust the
/// stack.
constexpr unsigned kDeepestNesting = 200;

/// Where brackets are nested deeper than that, as line and column from 1; {0,
/// 0} when they are not. Strings and comments do not count.
std::pair<unsigned, unsigned> findDeepNesting(llvm::StringRef text);

/// Whether a file that the arguments of a tool name is nested too deep; says
/// so.
bool refuseDeepNesting(int argc, char **argv);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_DRIVER_IRTEXT_H
