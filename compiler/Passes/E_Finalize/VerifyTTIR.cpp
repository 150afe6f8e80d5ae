//===- VerifyTTIR.cpp - The limits of the chip on any IR ------------------===//
//
// A check for files of any stage and origin: what can be seen there is compared
// with the chip. Programs of the metalium dialect are checked whole (circular
// buffers, L1, grid, metadata, element types); earlier IR by its tensors,
// buffers and work partition.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Metalium/Elements.h"
#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/E_Finalize/Passes.h"
#include "compiler/Passes/E_Finalize/ValidateSplitKernels.h"
#include "compiler/Support/Codes/StageB.h"
#include "compiler/Support/Codes/StageD.h"
#include "tilewright/arch/Chip.h"

namespace tilewright {
#define GEN_PASS_DEF_VERIFYTTIR
#include "compiler/Passes/E_Finalize/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

namespace {

struct VerifyTTIRPass : tilewright::impl::VerifyTTIRBase<VerifyTTIRPass> {
  using VerifyTTIRBase::VerifyTTIRBase;

  void runOnOperation() override {
    chip = arch::findChip(chipName);
    if (!chip) {
      emitCoded(getOperation(), Code::UnknownChip)
          << "no chip is named '" << chipName << "'";
      return signalPassFailure();
    }
    getOperation().walk([&](Operation *op) {
      LogicalResult result = success();
      if (auto program = dyn_cast<metalium::ProgramOp>(op))
        result = verifyProgram(program);
      else if (auto func = dyn_cast<tile::FuncOp>(op))
        result = verifyFunc(func);
      else if (auto launch = dyn_cast<tt::LaunchOp>(op))
        result = verifyWork(op, launch.getWork());
      else if (auto core = dyn_cast<tt::CoreProgramOp>(op))
        result = verifyWork(op, core.getWork());
      if (failed(result))
        signalPassFailure();
    });
    markAllAnalysesPreserved();
  }

private:
  LogicalResult verifyProgram(metalium::ProgramOp program);
  LogicalResult verifyFunc(tile::FuncOp func);
  LogicalResult verifyWork(Operation *op, tt::WorkAttr work);
  LogicalResult verifyL1(Operation *op, int64_t bytes);
  LogicalResult verifyType(Location loc, StringRef name, Type element);

  const arch::Chip *chip = nullptr;
};

LogicalResult VerifyTTIRPass::verifyL1(Operation *op, int64_t bytes) {
  int64_t capacity = chip->l1Free();
  if (bytes > capacity) {
    auto diag = emitCoded(op, Code::L1Usage)
                << "L1 usage " << bytes << " bytes exceeds capacity "
                << capacity;
    diag.attachNote() << "fix: fewer pipeline stages, or smaller blocks";
    return diag;
  }
  if (bytes * 10 > capacity * 8)
    warnCoded(op->getLoc(), Code::L1NearlyFull)
        << "L1 usage " << bytes << " bytes is above 80 % of capacity "
        << capacity;
  return success();
}

/// Bytes that a tensor takes in the L1 of each core.
static int64_t getTensorBytes(MemRefType type, const arch::Chip &chip,
                              std::optional<tt::WorkAttr> work) {
  if (!type.hasStaticShape())
    return 0;
  int64_t cores = int64_t(chip.grid[0]) * chip.grid[1];
  if (work)
    cores = work->getCoreGrid()[0] * work->getCoreGrid()[1];
  return tt::getL1BytesPerCore(type, cores);
}

LogicalResult VerifyTTIRPass::verifyWork(Operation *op, tt::WorkAttr work) {
  ArrayRef<int64_t> grid = work.getCoreGrid();
  if (grid[0] <= int64_t(chip->maxGrid[0]) &&
      grid[1] <= int64_t(chip->maxGrid[1]))
    return success();
  return emitCoded(op, Code::GridBeyondChip)
         << "a core grid of " << grid[0] << "x" << grid[1]
         << " is larger than that of " << StringRef(chip->name) << ", "
         << chip->maxGrid[0] << "x" << chip->maxGrid[1];
}

LogicalResult VerifyTTIRPass::verifyType(Location loc, StringRef name,
                                         Type element) {
  if (tt::getDataFormat(element))
    return success();
  auto diag = emitCoded(loc, Code::FormatlessType)
              << "Unsupported dtype " << element << " for buffer " << name;
  diag.attachNote() << "fix: use bfloat16, float16, float32, or integers of 8 "
                       "to 32 bits";
  return diag;
}

LogicalResult VerifyTTIRPass::verifyFunc(tile::FuncOp func) {
  LogicalResult result = success();
  for (BlockArgument arg : func.getBody().getArguments())
    if (auto type = dyn_cast<MemRefType>(arg.getType()))
      if (failed(verifyType(arg.getLoc(),
                            func.getTensorName(arg.getArgNumber()),
                            type.getElementType())))
        result = failure();
  int64_t bytes = 0;
  std::optional<tt::WorkAttr> work;
  func.walk([&](tt::LaunchOp launch) { work = launch.getWork(); });
  func.walk([&](tt::CoreProgramOp core) { work = core.getWork(); });
  for (BlockArgument arg : func.getBody().getArguments())
    if (auto type = dyn_cast<MemRefType>(arg.getType()))
      bytes += getTensorBytes(type, *chip, work);
  func.walk([&](tile::AllocOp alloc) {
    auto type = cast<MemRefType>(alloc.getBuffer().getType());
    if (failed(
            verifyType(alloc.getLoc(), alloc.getName(), type.getElementType())))
      result = failure();
    auto layout = dyn_cast_or_null<tt::LayoutAttr>(type.getMemorySpace());
    if (layout && layout.getCb())
      bytes += layout.getCb().getTotalBytes();
  });
  func.walk([&](tt::AllocCBOp alloc) {
    bytes += alloc.getCb().getType().getGeometry().getTotalBytes();
  });
  return failed(verifyL1(func, bytes)) ? failure() : result;
}

LogicalResult VerifyTTIRPass::verifyProgram(metalium::ProgramOp program) {
  LogicalResult result = success();
  int64_t bytes = 0;
  unsigned buffers = 0;
  llvm::SmallDenseMap<int64_t, metalium::CircularBufferOp> byIndex;
  for (auto cb : program.getBody().getOps<metalium::CircularBufferOp>()) {
    ++buffers;
    if (auto [found, isNew] = byIndex.try_emplace(cb.getIndex(), cb); !isNew)
      result = emitCoded(cb, Code::BufferIndex)
               << "Duplicate CB index " << cb.getIndex() << " for "
               << found->second.getSymName() << " and " << cb.getSymName();
    bytes += cb.getPages() * cb.getPageBytes();
    if (int64_t(cb.getIndex()) >= int64_t(chip->circularBuffers))
      result = emitCoded(cb, Code::CBIndexBeyondChip)
               << "CB index " << cb.getIndex() << " exceeds maximum of "
               << chip->circularBuffers;
  }
  for (auto tensor : program.getBody().getOps<metalium::TensorOp>()) {
    bytes += getTensorBytes(tensor.getTensorType(), *chip, program.getWork());
    // Element by element, whatever lies in memory will do.
    Type element = tensor.getTensorType().getElementType();
    if (program.getScalar() && metalium::getStorageFormat(element))
      continue;
    if (failed(verifyType(tensor.getLoc(), tensor.getSymName(), element)))
      result = failure();
  }
  if (auto work = program.getWork())
    bytes += tt::getBlockTableBytes(*work, chip->runtimeArgWords);
  if (failed(verifyL1(program, bytes)))
    result = failure();
  if (areNearlyUsed(buffers, *chip))
    warnCoded(program.getLoc(), Code::BuffersNearlyUsed)
        << buffers << " of " << chip->circularBuffers
        << " circular buffers are used";
  auto missing = [&](Operation *op, const Twine &what, StringRef pass) {
    return emitCoded(op, Code::MissingMetadata) << what << "; look at " << pass;
  };
  if (auto work = program.getWork()) {
    if (failed(verifyWork(program, *work)))
      result = failure();
  } else {
    result = missing(program,
                     "Missing required attributes for program '" +
                         program.getSymName() + "': [work]",
                     "tt-partition-work");
  }
  // Pass E1 gives all kernels their lists at once: where none has one, the IR
  // is that of stage D, in which none is wanted.
  auto all = program.getBody().getOps<metalium::KernelOp>();
  bool isFinal = llvm::any_of(all, [](metalium::KernelOp kernel) {
    return kernel.getArgs() || kernel.getCtArgs();
  });
  unsigned kernels = 0;
  for (metalium::KernelOp kernel : all) {
    ++kernels;
    if (isFinal && (!kernel.getArgs() || !kernel.getCtArgs()))
      result = missing(kernel,
                       "Missing required attributes for " +
                           metalium::stringifyKernelRole(kernel.getRole()) +
                           " kernel: [args, ct_args]",
                       "tt-finalize-signature");
  }
  if (program.getScalar() && kernels != 1)
    warnCoded(program.getLoc(), Code::UnbalancedSplit)
        << "Unbalanced kernel split detected: " << kernels
        << " kernels, a scalar program has a writer";
  else if (!program.getScalar() && kernels != 3)
    warnCoded(program.getLoc(), Code::UnbalancedSplit)
        << "Unbalanced kernel split detected: " << kernels
        << " kernels, of reader, compute and writer";
  return result;
}

} // namespace
