//===- Pipeline.h - The fourteen passes, in order ---------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_PIPELINE_H
#define TILEWRIGHT_COMPILER_PASSES_PIPELINE_H

#include "compiler/Passes/Options.h"
#include "mlir/Pass/PassManager.h"

namespace tilewright {

/// Adds stages A to E, each followed by its verifier, and the validator; of
/// them the passes whose argument `isWanted` accepts.
void buildPipeline(
    mlir::OpPassManager &manager, const CompileOptions &options,
    llvm::function_ref<bool(llvm::StringRef)> isWanted = nullptr);

/// Makes every pass, and `tt-pipeline`, known to the command-line tools.
void registerTilewrightPasses();

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_PIPELINE_H
