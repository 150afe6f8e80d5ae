//===- Pipeline.cpp - The fourteen passes, in order ------------------------===//

#include "compiler/Passes/Pipeline.h"

using namespace mlir;

namespace tilewright {

void buildPipeline(OpPassManager &manager, const CompileOptions &options) {
  //===--------------------------------------------------------------------===//
  // Stage A: metadata. Afterwards every tensor and buffer has a verified layout,
  // and no later pass guesses one.
  //===--------------------------------------------------------------------===//

  //===--------------------------------------------------------------------===//
  // Stage B: partitioning. Afterwards no launch grid is left; one core program
  // loops over its own work items.
  //===--------------------------------------------------------------------===//

  //===--------------------------------------------------------------------===//
  // Stage C: lowering without protocol. Afterwards there are only tile operations
  // on block values.
  //===--------------------------------------------------------------------===//

  //===--------------------------------------------------------------------===//
  // Stage D: late split and protocol. Afterwards there are three kernels of
  // metalium operations.
  //===--------------------------------------------------------------------===//

  //===--------------------------------------------------------------------===//
  // Stage E: finalisation. Afterwards arguments agree across kernels, host and plan.
  //===--------------------------------------------------------------------===//
  (void)manager;
  (void)options;
}

void registerTilewrightPasses() {}

} // namespace tilewright
