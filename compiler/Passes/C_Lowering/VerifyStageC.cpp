//===- VerifyStageC.cpp - The contract of stage C -------------------------===//
//
// What D1 to D5 rely on:
//   1. No operation of the tile dialect, no memref access, and none of the
//      operations that stand between two passes of stage C (tt.gemm,
//      tt.parallel) is left in a core program.
//   2. Every tile operation is inside a section; sections are not nested.
//   3. A section's circular buffers hold blocks of its results' size and
//      format; a buffer is filled by reads, or by sections, never by both.
//   4. A block that is written to a tensor is the result of a section into that
//      buffer.
//   5. What a section takes from outside comes from a circular buffer: it was
//      read, or another section made it, perhaps through loops. Operands that
//      only the unpacker can deliver (of matmuls, the matrix unit, broadcasts,
//      transposes) are not made inside the section.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/C_Lowering/Passes.h"
#include "compiler/Support/Codes/StageC.h"
#include "llvm/ADT/DenseMap.h"

namespace tilewright {
#define GEN_PASS_DEF_VERIFYSTAGEC
#include "compiler/Passes/C_Lowering/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

namespace {

bool isTileIntrinsic(Operation *op) {
  return isa<tt::MmaOp, tt::FpuOp, tt::SfpuBinaryOp, tt::SfpuScalarOp,
             tt::SfpuIntScalarOp, tt::SfpuUnaryOp, tt::SfpuReduceOp,
             tt::WhereOp, tt::FoldOp, tt::BcastOp, tt::CastOp, tt::TransposeOp,
             tt::CumsumOp>(op);
}

InFlightDiagnostic broken(Operation *op, StringRef pass) {
  return emitCoded(op, Code::StageCContract)
         << "after stage C (look at " << pass << "): ";
}

/// Operands that the unpacker takes from a circular buffer.
SmallVector<Value> unpackedOperands(Operation *op) {
  if (auto mma = dyn_cast<tt::MmaOp>(op))
    return {mma.getA(), mma.getB()};
  if (auto transpose = dyn_cast<tt::TransposeOp>(op);
      transpose && transpose.isInDst() && !transpose.getWhole())
    return {};
  if (isa<tt::FpuOp, tt::BcastOp, tt::TransposeOp, tt::FoldOp>(op))
    return SmallVector<Value>(op->getOperands());
  return {};
}

struct VerifyStageCPass : tilewright::impl::VerifyStageCBase<VerifyStageCPass> {
  void runOnOperation() override {
    SmallVector<tt::CoreProgramOp> programs;
    getOperation().walk([&](tt::CoreProgramOp op) { programs.push_back(op); });
    for (tt::CoreProgramOp program : programs) {
      WalkResult result = program.walk(
          [&](Operation *op) -> WalkResult { return verifyOp(op); });
      if (result.wasInterrupted() || failed(verifyBuffers(program)))
        return signalPassFailure();
    }
  }

private:
  LogicalResult verifyOp(Operation *op);
  LogicalResult verifySection(tt::SectionOp section);
  LogicalResult verifyWrite(Operation *op, Value block, Value cb,
                            StringRef what);
  LogicalResult verifyBuffers(tt::CoreProgramOp program);
};

LogicalResult VerifyStageCPass::verifyOp(Operation *op) {
  if (isa<tile::TileDialect, memref::MemRefDialect>(op->getDialect()))
    return broken(op, "tt-lower-shared-to-cb")
           << "'" << op->getName() << "' is left";
  if (isa<tt::GemmOp, tt::ParallelOp>(op))
    return broken(op, "tt-lower-tile-intrinsics")
           << "'" << op->getName() << "' is left";
  if (isTileIntrinsic(op) && !op->getParentOfType<tt::SectionOp>())
    return broken(op, "tt-build-tile-dfg")
           << "'" << op->getName() << "' stands outside every section";
  if (auto section = dyn_cast<tt::SectionOp>(op))
    return verifySection(section);
  if (auto write = dyn_cast<tt::WriteFromCBOp>(op))
    return verifyWrite(
        op, write.getBlock(), write.getCb(),
        cast<tt::TensorType>(write.getTensor().getType()).getName());
  if (auto scatter = dyn_cast<tt::ScatterFromCBOp>(op))
    return verifyWrite(
        op, scatter.getBlock(), scatter.getCb(),
        cast<tt::TensorType>(scatter.getTensor().getType()).getName());
  if (auto inspect = dyn_cast<tt::InspectOp>(op); inspect && inspect.getBlock())
    return verifyWrite(op, inspect.getBlock(), inspect.getCb(), "the console");
  if (auto move = dyn_cast<tt::MoveElementsOp>(op))
    for (auto [block, cb] : llvm::zip(move.getBlocks(), move.getThrough()))
      if (failed(verifyWrite(op, block, cb, "another block")))
        return failure();
  return success();
}

/// Whether `block`, from outside a section, comes out of a circular buffer.
bool comesFromCB(Value block, SmallVectorImpl<Value> &seen) {
  if (llvm::is_contained(seen, block))
    return true;
  seen.push_back(block);
  if (auto result = dyn_cast<OpResult>(block)) {
    if (isa<tt::ReadToCBOp, tt::RampToCBOp, tt::GatherToCBOp,
            tt::MoveElementsOp, tt::SectionOp>(result.getOwner()))
      return true;
    auto loop = dyn_cast<scf::ForOp>(result.getOwner());
    return loop &&
           comesFromCB(loop.getYieldedValues()[result.getResultNumber()], seen);
  }
  auto argument = cast<BlockArgument>(block);
  auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp());
  if (!loop || argument == loop.getInductionVar())
    return false;
  unsigned index = argument.getArgNumber() - loop.getNumInductionVars();
  return comesFromCB(loop.getYieldedValues()[index], seen);
}

LogicalResult VerifyStageCPass::verifySection(tt::SectionOp section) {
  if (section->getParentOfType<tt::SectionOp>())
    return broken(section, "tt-build-tile-dfg")
           << "a section stands in another";
  for (auto [cb, result] : llvm::zip(section.getOuts(), section.getResults())) {
    auto type = dyn_cast<tt::CircularBufferType>(cb.getType());
    auto block = cast<tt::BlockType>(result.getType());
    if (!type)
      return broken(section, "tt-build-tile-dfg")
             << "a section packs into " << cb.getType();
    tt::CBAttr geometry = type.getGeometry();
    if (geometry.getBlockPages() != block.getNumTiles() ||
        tt::getDataFormat(block.getElement()) != geometry.getFormat())
      return broken(section, "tt-build-tile-dfg")
             << "a section packs " << block << " into " << type;
  }
  WalkResult result = section.walk([&](Operation *op) -> WalkResult {
    for (Value operand : unpackedOperands(op))
      if (Operation *def = operand.getDefiningOp();
          def && section->isProperAncestor(def) &&
          !isa<tt::ReadToCBOp, tt::RampToCBOp, tt::GatherToCBOp>(def))
        return broken(op, "tt-build-tile-dfg")
               << "an operand of '" << op->getName()
               << "' is in DST, but only the unpacker can deliver it";
    if (!isTileIntrinsic(op))
      return WalkResult::advance();
    auto mma = dyn_cast<tt::MmaOp>(op);
    for (Value operand : op->getOperands()) {
      bool inside = section.getBody().isAncestor(operand.getParentRegion());
      bool accumulates = mma && operand == mma.getAcc() &&
                         llvm::is_contained(section.getPrevious(), operand);
      SmallVector<Value> seen;
      if (!inside && !accumulates && !comesFromCB(operand, seen))
        return broken(op, "tt-build-tile-dfg")
               << "an operand of '" << op->getName()
               << "' comes from no circular buffer";
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

LogicalResult VerifyStageCPass::verifyWrite(Operation *op, Value block,
                                            Value cb, StringRef what) {
  auto result = dyn_cast<OpResult>(block);
  auto section =
      result ? dyn_cast<tt::SectionOp>(result.getOwner()) : tt::SectionOp();
  if (section && section.getOuts()[result.getResultNumber()] == cb)
    return success();
  return broken(op, "tt-build-tile-dfg")
         << "what is written to " << what
         << " was not packed into its circular buffer";
}

LogicalResult VerifyStageCPass::verifyBuffers(tt::CoreProgramOp program) {
  for (auto alloc : program.getBody().getOps<tt::AllocCBOp>()) {
    bool read = false, packed = false, written = false;
    for (OpOperand &use : alloc.getCb().getUses()) {
      auto move = dyn_cast<tt::MoveElementsOp>(use.getOwner());
      bool isMoved = move && use.get() == move.getCb();
      read |= isMoved || isa<tt::ReadToCBOp, tt::RampToCBOp, tt::GatherToCBOp>(
                             use.getOwner());
      packed |= isa<tt::SectionOp>(use.getOwner());
      written |= (move && !isMoved) ||
                 isa<tt::WriteFromCBOp, tt::ScatterFromCBOp, tt::InspectOp>(
                     use.getOwner());
    }
    if (read && (packed || written))
      return broken(alloc, "tt-build-tile-dfg")
             << "circular buffer " << alloc.getName()
             << " is filled or emptied by two kernels";
  }
  return success();
}

} // namespace
