//===- InsertComputeInitSections.cpp - Sections as sequences of calls -----===//
//
// Brings the body of a section into the form where each operation is one call:
//
//   1. Each use of a fill gets its own; the accumulator that the packer adds to
//      in L1 starts from zero in DST.
//   2. An operation that no call does becomes ones that calls do: division by a
//      constant that is no power of two, a binary operation of the matrix unit
//      on a block in DST. Before that, what the generation of the API lacks
//      (InsertComputeInitGenerations.cpp).
//   3. Blocks from circular buffers that are used in DST are loaded.
//   4. Where an operation would overwrite a block that is used later, it gets a
//      copy: a second load, or a copy in DST.
//   5. Where one tile of each block does not fit DST, blocks from circular
//      buffers are loaded again at each use.
//   6. The sub-block shrinks until the section fits DST.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/InsertComputeInit.h"

#include "compiler/Analysis/DstAllocation.h"
#include "compiler/Support/Codes/StageD.h"
#include "mlir/IR/Builders.h"

#include <cmath>

using namespace mlir;

namespace tilewright {

namespace {
class SectionRewriter {
public:
  explicit SectionRewriter(tt::SectionOp section)
      : section(section), builder(section.getContext()) {}

  LogicalResult run(int64_t capacity) {
    splitFills();
    if (failed(startFromZero()))
      return failure();
    forEach([&](Operation *op) { legalize(op); });
    forEach([&](Operation *op) { load(op); });
    forEach([&](Operation *op) { copyOverwritten(op); });
    eraseDead();
    if (DstAllocation(section, {1, 1}).getNumTiles() > capacity)
      loadAgain();
    return fit(capacity);
  }

private:
  void forEach(llvm::function_ref<void(Operation *)> action) {
    SmallVector<Operation *> ops;
    section.getBody().walk<WalkOrder::PreOrder>(
        [&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops)
      action(op);
  }

  void splitFills();
  LogicalResult startFromZero();
  void legalize(Operation *op);
  void legalize(tt::FpuOp fpu);
  void legalize(tt::SfpuScalarOp scalar);
  void load(Operation *op);
  void loadAgain();
  void copyOverwritten(Operation *op);
  Value copy(Value block);
  void eraseDead();
  LogicalResult fit(int64_t capacity);

  tt::FillOp createFill(Location loc, double value, Type type) {
    return tt::FillOp::create(builder, loc, type,
                              builder.getF32FloatAttr(value));
  }

  tt::SectionOp section;
  OpBuilder builder;
};
} // namespace

//===----------------------------------------------------------------------===//
// Fills and accumulators
//===----------------------------------------------------------------------===//

void SectionRewriter::splitFills() {
  forEach([&](Operation *op) {
    for (OpOperand &operand : op->getOpOperands()) {
      auto fill = operand.get().getDefiningOp<tt::FillOp>();
      if (!fill || (fill->hasOneUse() && section->isAncestor(fill)))
        continue;
      builder.setInsertionPoint(op);
      operand.set(builder.clone(*fill)->getResult(0));
    }
  });
}

LogicalResult SectionRewriter::startFromZero() {
  if (section.getPrevious().empty())
    return success();
  LogicalResult result = success();
  forEach([&](Operation *op) {
    for (OpOperand &operand : op->getOpOperands()) {
      if (!llvm::is_contained(section.getPrevious(), operand.get()))
        continue;
      auto mma = dyn_cast<tt::MmaOp>(op);
      if (!mma || operand.get() != mma.getAcc()) {
        result = emitCoded(op, Code::AccumulatorRead)
                 << "'" << op->getName()
                 << "' reads the block that the packer adds to";
        continue;
      }
      builder.setInsertionPoint(op);
      operand.set(createFill(op->getLoc(), 0.0, operand.get().getType()));
    }
  });
  return result;
}

//===----------------------------------------------------------------------===//
// Operations that no call does
//===----------------------------------------------------------------------===//

/// The block behind a widening cast of a block from a circular buffer: the
/// unpackers widen by themselves.
static Value throughCast(Value block) {
  auto cast = block.getDefiningOp<tt::CastOp>();
  if (!cast || !isLoad(cast) || isConversion(cast))
    return block;
  auto from = dyn_cast<FloatType>(cast.getOperand().getType().getElement());
  auto to = dyn_cast<FloatType>(cast.getResult().getType().getElement());
  if (!from || !to || to.getWidth() < from.getWidth())
    return block;
  return cast.getOperand();
}

/// The operand of a matmul that is in DST.
static bool isAccumulator(OpOperand &operand) {
  auto mma = dyn_cast<tt::MmaOp>(operand.getOwner());
  return mma &&
         operand.getOperandNumber() == mma.getAccMutable().getOperandNumber();
}

void SectionRewriter::legalize(Operation *op) {
  if (auto transpose = dyn_cast<tt::TransposeOp>(op);
      transpose && transpose.isInDst())
    return;
  if (isa<tt::MmaOp, tt::FpuOp, tt::BcastOp, tt::TransposeOp, tt::FoldOp>(op))
    for (OpOperand &operand : op->getOpOperands())
      if (!isAccumulator(operand))
        operand.set(throughCast(operand.get()));
  if (auto fpu = dyn_cast<tt::FpuOp>(op))
    return legalize(fpu);
  if (auto scalar = dyn_cast<tt::SfpuScalarOp>(op))
    return legalize(scalar);
}

void SectionRewriter::legalize(tt::FpuOp fpu) {
  bool vector = fpu.getBcast() != tt::Broadcast::None;
  if (getSourceCB(fpu.getLhs()) && getSourceCB(fpu.getRhs()))
    return;
  if (vector && !getSourceCB(fpu.getRhs()))
    return; // reported when its call is looked for
  builder.setInsertionPoint(fpu);
  Value rhs = fpu.getRhs();
  if (vector)
    rhs = tt::BcastOp::create(builder, fpu.getLoc(), fpu.getLhs().getType(),
                              fpu.getBcast(), rhs);
  auto kind = fpu.getKind() == tt::FpuKind::Add   ? tt::BinaryKind::Add
              : fpu.getKind() == tt::FpuKind::Sub ? tt::BinaryKind::Sub
                                                  : tt::BinaryKind::Mul;
  auto binary =
      tt::SfpuBinaryOp::create(builder, fpu.getLoc(), fpu.getResult().getType(),
                               kind, fpu.getLhs(), rhs);
  fpu.replaceAllUsesWith(binary.getResult());
  fpu.erase();
}

void SectionRewriter::legalize(tt::SfpuScalarOp scalar) {
  float value = scalar.getValue().convertToFloat();
  int exponent;
  if (scalar.getKind() != tt::ScalarKind::Div ||
      std::abs(std::frexp(value, &exponent)) == 0.5f)
    return; // the reciprocal of a power of two is exact
  builder.setInsertionPoint(scalar);
  auto fill = createFill(scalar.getLoc(), value, scalar.getResult().getType());
  auto binary = tt::SfpuBinaryOp::create(
      builder, scalar.getLoc(), scalar.getResult().getType(),
      tt::BinaryKind::Div, scalar.getOperand(), fill.getResult());
  scalar.replaceAllUsesWith(binary.getResult());
  scalar.erase();
}

//===----------------------------------------------------------------------===//
// Loads and copies
//===----------------------------------------------------------------------===//

void SectionRewriter::load(Operation *op) {
  bool usesDst = isa<tt::SfpuUnaryOp, tt::SfpuScalarOp, tt::SfpuIntScalarOp,
                     tt::SfpuBinaryOp, tt::SfpuReduceOp, tt::WhereOp,
                     tt::CumsumOp, tt::YieldOp, scf::ForOp, scf::YieldOp>(op);
  auto transpose = dyn_cast<tt::TransposeOp>(op);
  if (transpose && transpose.isInDst() && getSourceCB(transpose.getOperand())) {
    builder.setInsertionPoint(op);
    auto load = tt::CastOp::create(
        builder, op->getLoc(), transpose.getResult().getType(),
        transpose.getOperand(), transpose.getWhole());
    transpose.getOperandMutable().assign(load.getResult());
    transpose.setWhole(false);
    return;
  }
  auto cast = dyn_cast<tt::CastOp>(op);
  usesDst |= cast && isConversion(cast);
  for (OpOperand &operand : op->getOpOperands()) {
    if (!getSourceCB(operand.get()) || !(usesDst || isAccumulator(operand)))
      continue;
    auto isSame = [&](Operation *user) {
      auto other = dyn_cast<tt::CastOp>(user);
      return other && other != op && other->getBlock() == op->getBlock() &&
             other->isBeforeInBlock(op) && !other.getSwapped() &&
             other.getType() == operand.get().getType();
    };
    auto users = operand.get().getUsers();
    auto found = llvm::find_if(users, isSame);
    if (found != users.end()) {
      operand.set((*found)->getResult(0));
      continue;
    }
    builder.setInsertionPoint(op);
    operand.set(tt::CastOp::create(builder, op->getLoc(),
                                   operand.get().getType(), operand.get()));
  }
}

/// One load for each use, right in front of it.
void SectionRewriter::loadAgain() {
  forEach([&](Operation *op) {
    for (OpOperand &operand : op->getOpOperands()) {
      Operation *load = operand.get().getDefiningOp();
      if (!load || !isLoad(load) || isa<tt::YieldOp>(op) ||
          load->getBlock() != op->getBlock())
        continue;
      if (load->hasOneUse()) {
        load->moveBefore(op);
        continue;
      }
      builder.setInsertionPoint(op);
      operand.set(builder.clone(*load)->getResult(0));
    }
  });
  eraseDead();
}

Value SectionRewriter::copy(Value block) {
  if (Operation *def = block.getDefiningOp(); def && isLoad(def))
    return builder.clone(*def)->getResult(0);
  return tt::CopyOp::create(builder, block.getLoc(), block.getType(), block);
}

void SectionRewriter::copyOverwritten(Operation *op) {
  builder.setInsertionPoint(op);
  if (auto loop = dyn_cast<scf::ForOp>(op)) {
    for (OpOperand &init : loop.getInitArgsMutable())
      if (isa<tt::BlockType>(init.get().getType()) &&
          !isLastUse(init.get(), loop))
        init.set(copy(init.get()));
    return;
  }
  Value operand = getInPlaceOperand(op);
  if (operand && !isLastUse(operand, op))
    op->replaceUsesOfWith(operand, copy(operand));
}

void SectionRewriter::eraseDead() {
  SmallVector<Operation *> ops;
  section.getBody().walk<WalkOrder::PreOrder>(
      [&](Operation *op) { ops.push_back(op); });
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op))
      op->erase();
}

//===----------------------------------------------------------------------===//
// The sub-block
//===----------------------------------------------------------------------===//

LogicalResult SectionRewriter::fit(int64_t capacity) {
  TileShape block = getSectionShape(section);
  TileShape planned = {section.getSubblock().getRows(),
                       section.getSubblock().getCols()};
  auto tilesFor = [&](TileShape shape) {
    return DstAllocation(section, shape).getNumTiles();
  };
  if (Operation *conflict = DstAllocation(section, planned).getConflict())
    return emitCoded(conflict, Code::DstConflict)
           << "'" << conflict->getName()
           << "' overwrites a block that is used later";
  if (tilesFor(planned) <= capacity)
    return success();
  // What pops a circular buffer in its body cannot run once a sub-block.
  bool once =
      section.getBody()
          .walk([](metalium::CBPopFrontOp) { return WalkResult::interrupt(); })
          .wasInterrupted();
  auto isAllowed = [&](TileShape shape) {
    return !section.getBody()
                .walk([&](tt::CumsumOp op) {
                  return keepsRunningSums(op, shape) ? WalkResult::advance()
                                                     : WalkResult::interrupt();
                })
                .wasInterrupted();
  };
  TileShape best = {0, 0};
  for (int64_t rows = 1; !once && rows <= block.rows; ++rows)
    for (int64_t cols = 1; cols <= block.cols; ++cols) {
      TileShape shape = {rows, cols};
      if (block.rows % rows || block.cols % cols || !isAllowed(shape) ||
          shape.tiles() < best.tiles() || tilesFor(shape) > capacity)
        continue;
      if (shape.tiles() > best.tiles() || cols > best.cols)
        best = shape;
    }
  if (best.tiles() == 0)
    return emitCoded(section, Code::DstOverflow)
           << "this expression needs "
           << tilesFor(once ? planned : TileShape{1, 1}) << " tiles of DST "
           << (once ? "at once" : "for each tile of its result")
           << ", but DST holds " << capacity;
  section.setSubblockAttr(
      tt::SubblockAttr::get(section.getContext(), best.rows, best.cols,
                            tt::SubblockRule::Reduced));
  return success();
}

LogicalResult prepareSection(tt::SectionOp section, int64_t capacity,
                             metalium::ApiGeneration api) {
  if (api == metalium::ApiGeneration::M2026_03)
    rewriteForApi2026_03(section);
  return SectionRewriter(section).run(capacity);
}

} // namespace tilewright
