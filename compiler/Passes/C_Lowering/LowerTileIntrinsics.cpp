//===- LowerTileIntrinsics.cpp - Pass C2: tile intrinsics -----------------===//
//
// 1. Parallel loops become tile operations (ParallelExpression.h).
// 2. A gemm becomes tt.mm.mma. A transposed operand is a block in transposed
//    tile order: the reader can bring tiles in any order, so a block that was
//    read is read transposed (a second time if the other order is needed too),
//    and what was computed tile by tile from such blocks is computed again in
//    that order. The insides of B's tiles are transposed by the unpacker, those
//    of A's by tt.transpose. What was computed in another way is transposed as
//    a whole, from its circular buffer.
// 3. A function of a vector that is spread over a block, where the function of
//    the vector itself is computed too: that one is spread.
// 4. What nobody uses any more goes away.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/C_Lowering/ParallelExpression.h"
#include "compiler/Passes/C_Lowering/CBPlaces.h"
#include "compiler/Passes/C_Lowering/Passes.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"

namespace tilewright {
#define GEN_PASS_DEF_LOWERTILEINTRINSICS
#include "compiler/Passes/C_Lowering/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

namespace {

/// Makes blocks whose tiles stand in transposed order.
class TileOrder {
public:
  /// `block` in transposed order, or nothing.
  Value reorder(Value block);
  /// `block` transposed, for use at `user`.
  Value transpose(Value block, Operation *user);
  /// Removes reads that only transposed uses had, and gives their buffers'
  /// names to the reads that replace them.
  void cleanUp();

private:
  Value transposeRead(tt::ReadToCBOp read);
  static bool canReorder(Value block);

  llvm::DenseMap<Value, Value> transposed;
  SmallVector<std::pair<tt::ReadToCBOp, tt::ReadToCBOp>> reads;
};

tt::BlockType flipped(tt::BlockType type) {
  return tt::BlockType::get(type.getContext(), type.getCols(), type.getRows(),
                            type.getElement());
}

Value TileOrder::transposeRead(tt::ReadToCBOp read) {
  OpBuilder builder(read);
  auto alloc = read.getCb().getDefiningOp<tt::AllocCBOp>();
  Value cb = read.getCb();
  if (alloc) {
    builder.setInsertionPointAfter(alloc);
    cb = builder.clone(*alloc)->getResult(0);
  }
  builder.setInsertionPoint(read);
  bool order = !read.getTransposed();
  auto other = tt::ReadToCBOp::create(
      builder, read.getLoc(), flipped(read.getBlock().getType()), cb,
      read.getTensor(), read.getOuter(), read.getRow(), read.getCol(), order);
  other.setOrdered(read.getOrdered());
  if (Value scratch = read.getScratch())
    other.getScratchMutable().assign(scratch);
  other.setElementsAttr(read.getElementsAttr());
  reads.push_back({read, other});
  return other.getBlock();
}

/// Whether each tile of the result is made of one tile of each operand, at the
/// same place.
static bool isTilewise(Operation *op) {
  if (auto fpu = dyn_cast<tt::FpuOp>(op))
    return fpu.getBcast() == tt::Broadcast::None;
  return isa<tt::FillOp, tt::CastOp, tt::SfpuUnaryOp, tt::SfpuScalarOp,
             tt::SfpuIntScalarOp, tt::SfpuBinaryOp, tt::WhereOp>(op);
}

bool TileOrder::canReorder(Value block) {
  auto type = cast<tt::BlockType>(block.getType());
  Operation *def = block.getDefiningOp();
  if ((type.getRows() == 1 && type.getCols() == 1) ||
      isa_and_nonnull<tt::ReadToCBOp>(def))
    return true;
  return def && isTilewise(def) && llvm::all_of(def->getOperands(), canReorder);
}

Value TileOrder::reorder(Value block) {
  if (!canReorder(block))
    return {};
  if (Value known = transposed.lookup(block))
    return known;
  auto type = cast<tt::BlockType>(block.getType());
  Operation *def = block.getDefiningOp();
  Value result = block;
  if (auto read = dyn_cast_or_null<tt::ReadToCBOp>(def)) {
    result = transposeRead(read);
  } else if (type.getNumTiles() != 1) {
    IRMapping mapping;
    for (Value operand : def->getOperands())
      mapping.map(operand, reorder(operand));
    OpBuilder builder(def);
    Operation *clone = builder.clone(*def, mapping);
    clone->getResult(0).setType(flipped(type));
    result = clone->getResult(0);
  }
  transposed[block] = result;
  return result;
}

Value TileOrder::transpose(Value block, Operation *user) {
  Value reordered = reorder(block);
  OpBuilder builder(user);
  if (reordered)
    builder.setInsertionPointAfterValue(reordered);
  Location loc = user->getLoc();
  if (StringRef name = getSourceName(block.getLoc()); !name.empty())
    loc = NameLoc::get(builder.getStringAttr(name), loc);
  Value operand = reordered ? reordered : block;
  return tt::TransposeOp::create(
      builder, loc, flipped(cast<tt::BlockType>(block.getType())), operand,
      /*whole=*/!reordered);
}

void TileOrder::cleanUp() {
  for (auto [before, after] : reads) {
    auto alloc = before.getCb().getDefiningOp<tt::AllocCBOp>();
    if (before.getBlock().use_empty()) {
      before.erase();
      if (alloc && alloc.getCb().use_empty())
        alloc.erase();
      continue;
    }
    // Both orders are needed: two buffers, two names.
    if (auto copy = after.getCb().getDefiningOp<tt::AllocCBOp>())
      copy.setName((alloc.getName() + "_transposed").str());
  }
}

/// The function of a vector that `op` is of its spread form, where it is
/// computed before `op`.
Operation *findOnVector(Operation *op, tt::BcastOp spread) {
  Value vector = spread.getOperand();
  for (Operation *other : vector.getUsers()) {
    Operation *place = other->getBlock()->findAncestorOpInBlock(*op);
    if (other->getName() == op->getName() &&
        other->getAttrDictionary() == op->getAttrDictionary() && place &&
        other->isBeforeInBlock(place) &&
        cast<tt::BlockType>(other->getResult(0).getType()).getElement().isF32())
      return other;
  }
  return nullptr;
}

/// f(spread(v)) is spread(f(v)), where f(v) is there already.
void spreadVectors(tt::CoreProgramOp program) {
  SmallVector<Operation *> ops;
  program.walk([&](Operation *op) {
    if (isa<tt::SfpuScalarOp, tt::SfpuUnaryOp>(op))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    auto spread = op->getOperand(0).getDefiningOp<tt::BcastOp>();
    auto type = cast<tt::BlockType>(op->getResult(0).getType());
    if (!spread || !type.getElement().isF32() ||
        spread.getOperand().getDefiningOp<tt::ReadToCBOp>())
      continue;
    Operation *known = findOnVector(op, spread);
    if (!known)
      continue;
    OpBuilder builder(op);
    op->replaceAllUsesWith(tt::BcastOp::create(builder, spread.getLoc(), type,
                                               spread.getBcast(),
                                               known->getResult(0)));
  }
}

struct LowerTileIntrinsicsPass
    : tilewright::impl::LowerTileIntrinsicsBase<LowerTileIntrinsicsPass> {
  void runOnOperation() override {
    if (failed(checkPlaces(getOperation())))
      return signalPassFailure();
    SmallVector<tt::CoreProgramOp> programs;
    getOperation().walk([&](tt::CoreProgramOp op) { programs.push_back(op); });
    for (tt::CoreProgramOp program : programs)
      if (failed(lower(program)))
        return signalPassFailure();
  }

private:
  LogicalResult lower(tt::CoreProgramOp program);
  LogicalResult lowerGemm(tt::GemmOp gemm, TileOrder &order);
};

LogicalResult LowerTileIntrinsicsPass::lowerGemm(tt::GemmOp gemm,
                                                 TileOrder &order) {
  Value a = gemm.getA(), b = gemm.getB();
  if (gemm.getTransposeA())
    a = order.transpose(a, gemm);
  bool transposeB = gemm.getTransposeB();
  if (transposeB) {
    Value reordered = order.reorder(b);
    b = reordered ? reordered : order.transpose(b, gemm);
    transposeB = static_cast<bool>(reordered);
  }
  // The unpacker takes operands from circular buffers: a fill has to be packed.
  for (Value *operand : {&a, &b}) {
    auto fill = operand->getDefiningOp<tt::FillOp>();
    if (!fill)
      continue;
    OpBuilder builder(fill->getContext());
    builder.setInsertionPointAfter(fill);
    *operand = tt::CastOp::create(builder, fill.getLoc(), fill.getType(), fill);
  }
  if (cast<tt::BlockType>(a.getType()).getElement().isF32())
    remarkCoded(gemm.getLoc(), Code::Tf32Operand)
        << "T.gemm: float32 operands are multiplied with 10 bits of mantissa "
           "(TF32); sums are float32";
  OpBuilder builder(gemm);
  Value result =
      tt::MmaOp::create(builder, gemm.getLoc(), gemm.getResult().getType(), a,
                        b, gemm.getAcc(), transposeB);
  gemm.getResult().replaceAllUsesWith(result);
  gemm.erase();
  return success();
}

LogicalResult LowerTileIntrinsicsPass::lower(tt::CoreProgramOp program) {
  TileOrder order;
  Ramps ramps(program);
  SmallVector<Operation *> ops;
  program.walk([&](Operation *op) {
    if (isa<tt::ParallelOp, tt::GemmOp>(op))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    LogicalResult done = success();
    if (auto gemm = dyn_cast<tt::GemmOp>(op))
      done = lowerGemm(gemm, order);
    else
      done = ParallelExpression(cast<tt::ParallelOp>(op), ramps)
                 .lower([&](Value block, Operation *user) {
                   return order.transpose(block, user);
                 });
    if (failed(done))
      return failure();
  }
  spreadVectors(program);
  // Backwards, so that a dead chain goes as a whole.
  SmallVector<Operation *> all;
  program.walk<WalkOrder::PreOrder>([&](Operation *op) { all.push_back(op); });
  for (Operation *op : llvm::reverse(all))
    if (op != program && isOpTriviallyDead(op))
      op->erase();
  order.cleanUp();
  return success();
}

} // namespace
