//===- Reproducer.h - The smallest IR that breaks a pass --------*- C++ -*-===//
//
// When a pass breaks (it crashes, or fails without a diagnostic of its own),
// the compiler writes the IR that the pass was given, made smaller:
//
//   1. Run the passes before it again on the input; that is its IR.
//   2. Visit operations from the last to the first. Erase one whose results are
//      not used, run the pass on the copy, and keep the copy if it still
//      breaks.
//   3. Repeat until a round erases nothing, or the trials are used up.
//
// The file starts with the line of IRText.h, so that compiling it breaks again.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_DRIVER_REPRODUCER_H
#define TILEWRIGHT_COMPILER_DRIVER_REPRODUCER_H

#include "compiler/Passes/Options.h"
#include "mlir/IR/BuiltinOps.h"

#include <string>

namespace tilewright {

/// How one pass ended.
enum class PassEnd { Good, Diagnosed, Broken };

/// Runs the pass `name` on a copy of `module`. Diagnostics are dropped.
PassEnd tryPass(mlir::ModuleOp module, llvm::StringRef name,
                const CompileOptions &options);

/// Makes `module`, which breaks `name`, smaller in place.
void reduceForPass(mlir::ModuleOp module, llvm::StringRef name,
                   const CompileOptions &options, unsigned trials = 200);

/// Runs `work` in a process of its own, since a pass that crashes may damage
/// the memory of the process that it runs in. `work` is given a function that
/// hands a text to this process. Returns the last text that came whole, "" for
/// none, however the other process ended; it is ended after a minute.
std::string runInChild(
    llvm::function_ref<void(llvm::function_ref<void(llvm::StringRef)>)> work);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_DRIVER_REPRODUCER_H
