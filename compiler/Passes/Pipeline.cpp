//===- Pipeline.cpp - The fourteen passes, in order -----------------------===//

#include "compiler/Passes/Pipeline.h"

#include "compiler/Passes/A_Metadata/Passes.h"
#include "compiler/Passes/B_Partitioning/Passes.h"
#include "compiler/Passes/C_Lowering/Passes.h"
#include "compiler/Passes/D_SplitAndProtocol/Passes.h"
#include "compiler/Passes/E_Finalize/Passes.h"

using namespace mlir;

namespace tilewright {

/// What has no tile form: stages A, B and E as for tiles, and one pass in place
/// of C and D.
static void
buildScalarPipeline(const CompileOptions &options,
                    llvm::function_ref<void(std::unique_ptr<Pass>)> add) {
  InferLayoutOptions layout;
  layout.scalar = true;
  layout.keepSmallFloats = options.keepSmallFloats;
  layout.holdSmallIntegers = options.holdSmallIntegers;
  layout.chip = options.chip;
  if (options.coreGrid)
    layout.coreGrid.assign(options.coreGrid->begin(), options.coreGrid->end());
  add(createInferLayout(layout));
  PartitionWorkOptions partition;
  partition.chip = options.chip;
  if (options.coreGrid)
    partition.coreGrid.assign(options.coreGrid->begin(),
                              options.coreGrid->end());
  add(createPartitionWork(partition));
  add(createGridToCoreGrid());
  add(createVerifyStageB());
  LowerToScalarOptions scalar;
  scalar.chip = options.chip;
  add(createLowerToScalar(scalar));
  add(createFinalizeSignature());
  add(createVerifyStageE());
  add(createValidateSplitKernels());
}

void buildPipeline(OpPassManager &manager, const CompileOptions &options,
                   llvm::function_ref<bool(llvm::StringRef)> isWanted) {
  auto add = [&](std::unique_ptr<Pass> pass) {
    if (!isWanted || isWanted(pass->getArgument()))
      manager.addPass(std::move(pass));
  };
  // Tools for IR of any origin, which run when they are named only.
  auto addTools = [&] {
    if (!isWanted)
      return;
    add(createValidateLoweredIR());
    VerifyTTIROptions limits;
    limits.chipName = options.chip;
    add(createVerifyTTIR(limits));
  };
  if (options.scalar) {
    buildScalarPipeline(options, add);
    return addTools();
  }
  //===--------------------------------------------------------------------===//
  // Stage A: metadata. Afterwards every tensor and buffer has a verified
  // layout, and no later pass guesses one.
  //===--------------------------------------------------------------------===//
  // A1: buffers have scopes only; decide where each lies and how it is tiled.
  InferLayoutOptions layout;
  layout.chip = options.chip;
  layout.keepSmallFloats = options.keepSmallFloats;
  layout.keepSmallIntegers = options.keepSmallIntegers;
  layout.keepBuffers = options.keepBuffers;
  layout.exactProducts = options.mathFidelity == "HiFi4";
  layout.holdSmallIntegers = options.holdSmallIntegers;
  if (options.coreGrid)
    layout.coreGrid.assign(options.coreGrid->begin(), options.coreGrid->end());
  add(createInferLayout(layout));
  // A2: layouts are known; give each edge a buffer of its own format and size.
  add(createPropagateLayout());
  // A3: what crosses is settled; describe each tensor by tiles.
  add(createAttachTensorAccessor());
  add(createVerifyStageA());

  //===--------------------------------------------------------------------===//
  // Stage B: partitioning. Afterwards no launch grid is left; one core program
  // loops over its own work items.
  //===--------------------------------------------------------------------===//
  // B1: the launch grid is a set of blocks; give each block to a core.
  PartitionWorkOptions partition;
  partition.chip = options.chip;
  if (options.coreGrid)
    partition.coreGrid.assign(options.coreGrid->begin(),
                              options.coreGrid->end());
  add(createPartitionWork(partition));
  // B2: each core knows its items; loop over them and recover the block ids.
  add(createGridToCoreGrid());
  add(createVerifyStageB());

  //===--------------------------------------------------------------------===//
  // Stage C: lowering without protocol. Afterwards there are only tile
  // operations on block values.
  //===--------------------------------------------------------------------===//
  // C1: buffers are storage that is overwritten; make each write a block value.
  add(createLowerSharedToCB());
  // C2: operations on blocks are still scalar bodies and gemms; choose what the
  // engines do.
  add(createLowerTileIntrinsics());
  // C3: tile operations are a dataflow graph; decide what stays in DST and what
  // goes through which circular buffer.
  BuildTileDFGOptions dataflow;
  dataflow.chip = options.chip;
  dataflow.dstFullSync = options.dstFullSync;
  dataflow.reservedL1 = options.reservedL1;
  add(createBuildTileDFG(dataflow));
  add(createVerifyStageC());

  //===--------------------------------------------------------------------===//
  // Stage D: late split and protocol. Afterwards there are three kernels of
  // metalium operations.
  //===--------------------------------------------------------------------===//
  // D1: one program says what a core does; give each kernel its part of it, and
  // let blocks pass between them through circular buffers.
  SplitDeviceKernelOptions split;
  split.chip = options.chip;
  split.mathFidelity = options.mathFidelity;
  split.fastMath = options.fastMath;
  split.dstFullSync = options.dstFullSync;
  add(createSplitDeviceKernel(split));
  // D2: kernels name tensors; bind them to arguments.
  add(createConfigureTensorAccessor());
  // D3: kernels move blocks; spell out reserve, transfer, barrier, push, wait
  // and pop.
  add(createLowerCBIntrinsics());
  // D4: the protocol is complete; set the compute engine up for each operation.
  InsertComputeInitOptions init;
  init.metaliumApi = options.metaliumApi;
  add(createInsertComputeInit(init));
  // D5: sections say what stays in DST; expand them to loops over sub-blocks.
  add(createInsertDstManagement());
  add(createVerifyStageD());

  //===--------------------------------------------------------------------===//
  // Stage E: finalisation. Afterwards arguments agree across kernels, host and
  // plan.
  //===--------------------------------------------------------------------===//
  // E1: kernels read arguments by name; fix their positions.
  add(createFinalizeSignature());
  add(createVerifyStageE());

  // The kernels are what will be printed; prove that they work together.
  add(createValidateSplitKernels());
  addTools();
}

void registerTilewrightPasses() {
  registerA_MetadataPasses();
  registerB_PartitioningPasses();
  registerC_LoweringPasses();
  registerD_SplitAndProtocolPasses();
  registerE_FinalizePasses();
}

} // namespace tilewright
