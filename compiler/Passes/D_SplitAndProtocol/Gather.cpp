//===- Gather.cpp - Blocks that the reader puts together ------------------===//
//
//   for r in rows: for c in columns:
//     block[r, c] = body(r, c)
//
// The block lies in L1 as tiles. Where it does not fill its tiles they are
// cleared first. A 16-bit float that only goes from a tensor to the block is
// moved as the word that it is.
//
// Runs. Over `count` columns from a multiple of it on, count a power of two up
// to the width of a face, an index either stays, or goes up with the column:
//
//   c goes up from a multiple of count; c + m does, if m is one
//   (c + m) / d stays, and (c + m) % d goes up, if d is a multiple of count
//
// Where only the index along the tensor's columns goes up, from a multiple of
// count, and all others stay, the elements lie side by side on both sides: they
// are copied at once.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/Gather.h"

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Passes/D_SplitAndProtocol/TileTransfer.h"
#include "compiler/Support/Diagnostics.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace tilewright {

static bool isShortFloat(Type type) {
  return isa<FloatType>(type) && type.getIntOrFloatBitWidth() < 32;
}

/// Whether nothing is computed from a 16-bit float: it is chosen and yielded.
static bool isOnlyMoved(Operation *op) {
  if (isa<tt::LoadElementOp, tt::YieldOp>(op) ||
      op->hasTrait<OpTrait::ConstantLike>())
    return true;
  if (isa<arith::SelectOp>(op))
    return true;
  auto isShort = [](Value value) { return isShortFloat(value.getType()); };
  return llvm::none_of(op->getOperands(), isShort) &&
         llvm::none_of(op->getResults(), isShort);
}

namespace {
/// How the values of a gather's body change over `count` columns.
class Runs {
public:
  Runs(tt::GatherToCBOp gather, int64_t count) : gather(gather), count(count) {}

  enum Change { Stays, GoesUp, Other };
  Change of(Value value);

private:
  bool isMultiple(Value value) {
    return IndexExpr::of(value).divideExactly(count).has_value();
  }
  Change compute(Value value);

  tt::GatherToCBOp gather;
  int64_t count;
  llvm::DenseMap<Value, Change> known;
};
} // namespace

Runs::Change Runs::of(Value value) {
  auto found = known.find(value);
  if (found != known.end())
    return found->second;
  Change change = compute(value);
  known[value] = change;
  return change;
}

Runs::Change Runs::compute(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value);
      argument && argument.getOwner() == &gather.getBody().front())
    return argument.getArgNumber() == 1 ? GoesUp : Stays;
  Operation *op = value.getDefiningOp();
  if (!op || !gather->isProperAncestor(op) ||
      llvm::all_of(op->getOperands(),
                   [&](Value operand) { return of(operand) == Stays; }))
    return Stays;
  if (isa<arith::IndexCastOp, arith::IndexCastUIOp>(op))
    return of(op->getOperand(0));
  if (op->getNumOperands() != 2)
    return Other;
  Value lhs = op->getOperand(0), rhs = op->getOperand(1);
  if (isa<arith::AddIOp>(op) && of(lhs) == Stays)
    std::swap(lhs, rhs);
  if (of(lhs) != GoesUp || of(rhs) != Stays || !isMultiple(rhs))
    return Other;
  if (isa<arith::AddIOp, arith::SubIOp, arith::RemUIOp, arith::RemSIOp>(op))
    return GoesUp;
  return isa<arith::DivUIOp, arith::DivSIOp, arith::FloorDivSIOp>(op) ? Stays
                                                                      : Other;
}

/// The element that a gather yields, as it is or instead of a constant.
static tt::LoadElementOp getYieldedLoad(tt::GatherToCBOp gather) {
  Value value = cast<tt::YieldOp>(gather.getBody().front().getTerminator())
                    .getValues()[0];
  if (auto select = value.getDefiningOp<arith::SelectOp>()) {
    if (matchPattern(select.getFalseValue(), m_Constant()))
      value = select.getTrueValue();
    else if (matchPattern(select.getTrueValue(), m_Constant()))
      value = select.getFalseValue();
  }
  return value.getDefiningOp<tt::LoadElementOp>();
}

/// The most elements that can be copied at once; 1 where each stands alone.
static int64_t getRunLength(tt::GatherToCBOp gather, MemRefType tensor) {
  tt::LoadElementOp load = getYieldedLoad(gather);
  int64_t column = cast<tt::LayoutAttr>(tensor.getMemorySpace()).getPlane()[1];
  if (!load || column < 0)
    return 1;
  Value yielded = cast<tt::YieldOp>(gather.getBody().front().getTerminator())
                      .getValues()[0];
  auto select = yielded.getDefiningOp<arith::SelectOp>();
  for (int64_t count = tt::kFaceDim; count > 1; count /= 2) {
    if (gather.getExtents()[1] % count || tensor.getDimSize(column) % count)
      continue;
    Runs runs(gather, count);
    bool fits = !select || runs.of(select.getCondition()) == Runs::Stays;
    for (auto [dim, index] : llvm::enumerate(load.getIndices()))
      fits &=
          runs.of(index) ==
          (static_cast<int64_t>(dim) == column ? Runs::GoesUp : Runs::Stays);
    if (fits)
      return count;
  }
  return 1;
}

GatheredTensors::GatheredTensors(metalium::KernelOp kernel) : kernel(kernel) {
  kernel.walk([&](tt::GatherToCBOp gather) {
    for (Operation &op : gather.getBody().front())
      inWords &= isOnlyMoved(&op);
  });
}

/// The type that elements of `element` have in the kernel's memory.
Type GatheredTensors::inMemory(Type element) const {
  return inWords && isShortFloat(element)
             ? IntegerType::get(element.getContext(),
                                element.getIntOrFloatBitWidth())
             : element;
}

LogicalResult GatheredTensors::open(tt::GatherToCBOp gather,
                                    WithPages withPages) {
  Operation *work = kernel.getBodyBlock()->findAncestorOpInBlock(*gather);
  for (auto [accessor, pages] :
       llvm::zip(gather.getTensors(), gather.getPages())) {
    Value &opened = elements[accessor];
    if (opened)
      continue;
    Location loc = gather.getLoc();
    FailureOr<metalium::TensorOp> tensor =
        tensorOf(loc, BlockRegion{accessor, {}, {}, {}, 1, 1});
    if (failed(tensor))
      return failure();
    auto type = cast<MemRefType>(tensor->getType());
    auto inKernel =
        MemRefType::get(type.getShape(), inMemory(type.getElementType()),
                        type.getLayout(), type.getMemorySpace());
    OpBuilder builder(work);
    Value base;
    if (failed(withPages(builder, gather, pages, [&](Value l1) { base = l1; })))
      return failure();
    opened = metalium::ElementsOp::create(
        builder, NameLoc::get(builder.getStringAttr(tensor->getSymName()), loc),
        inKernel, tensor->getSymName(), accessor, base, /*offset=*/0,
        FloatAttr());
  }
  return success();
}

/// The elements from (row, col) on, to the same place of `block`.
void GatheredTensors::lowerBody(OpBuilder &builder, tt::GatherToCBOp gather,
                                Value row, Value col, Value block,
                                int64_t count) {
  Block &body = gather.getBody().front();
  IRMapping map;
  map.map(body.getArgument(0), row);
  map.map(body.getArgument(1), col);
  // A value of the body as memory has it.
  auto moved = [&](Value value) -> Value {
    Type type = inMemory(value.getType());
    TypedAttr constant;
    if (map.contains(value) || type == value.getType() ||
        !matchPattern(value, m_Constant(&constant)))
      return map.lookupOrDefault(value);
    return arith::ConstantOp::create(
        builder, value.getLoc(),
        builder.getIntegerAttr(
            type, cast<FloatAttr>(constant).getValue().bitcastToAPInt()));
  };
  Value yielded = cast<tt::YieldOp>(body.getTerminator()).getValues()[0];
  auto choice = yielded.getDefiningOp<arith::SelectOp>();
  tt::LoadElementOp last = count > 1 ? getYieldedLoad(gather) : nullptr;
  for (Operation &op : body.without_terminator()) {
    if (last && (&op == last || &op == choice))
      continue;
    if (auto load = dyn_cast<tt::LoadElementOp>(op)) {
      SmallVector<Value> indices =
          llvm::map_to_vector(load.getIndices(), moved);
      map.map(load.getResult(),
              memref::LoadOp::create(builder, load.getLoc(),
                                     elements.lookup(load.getTensor()), indices)
                  .getResult());
    } else if (auto select = dyn_cast<arith::SelectOp>(op)) {
      map.map(select.getResult(),
              arith::SelectOp::create(
                  builder, op.getLoc(), moved(select.getCondition()),
                  moved(select.getTrueValue()), moved(select.getFalseValue()))
                  .getResult());
    } else if (op.getNumResults() != 1 || inMemory(op.getResult(0).getType()) ==
                                              op.getResult(0).getType()) {
      builder.clone(op, map);
    } // else a constant, made where it is used
  }
  Location loc = gather.getLoc();
  Value place[] = {row, col};
  if (!last) {
    memref::StoreOp::create(builder, loc, moved(yielded), block, place);
    return;
  }
  auto copy = [&] {
    metalium::CopyElementsOp::create(
        builder, loc, count, elements.lookup(last.getTensor()),
        llvm::map_to_vector(last.getIndices(), moved), block, row, col);
  };
  if (!choice)
    return copy();
  bool whenTrue = choice.getTrueValue() == last;
  Value other = whenTrue ? choice.getFalseValue() : choice.getTrueValue();
  auto branch = scf::IfOp::create(builder, loc, moved(choice.getCondition()),
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  Block *arms[] = {branch.thenBlock(), branch.elseBlock()};
  builder.setInsertionPointToStart(arms[whenTrue ? 0 : 1]);
  copy();
  builder.setInsertionPointToStart(arms[whenTrue ? 1 : 0]);
  auto loop =
      scf::ForOp::create(builder, NameLoc::get(builder.getStringAttr("e"), loc),
                         arith::ConstantIndexOp::create(builder, loc, 0),
                         arith::ConstantIndexOp::create(builder, loc, count),
                         arith::ConstantIndexOp::create(builder, loc, 1));
  builder.setInsertionPointToStart(loop.getBody());
  Value at = arith::AddIOp::create(builder, loc, col, loop.getInductionVar());
  memref::StoreOp::create(builder, loc, moved(other), block,
                          ValueRange{row, at});
}

LogicalResult GatheredTensors::emit(OpBuilder &builder, tt::GatherToCBOp gather,
                                    Value l1) {
  Location loc = gather.getLoc();
  tt::BlockType block = gather.getBlock().getType();
  Type element = inMemory(block.getElement());
  int64_t rows = block.getRows() * tt::kTileDim;
  int64_t cols = block.getCols() * tt::kTileDim;
  StringRef name = getSourceName(l1.getLoc());
  name.consume_back("_l1");
  auto tiles = metalium::L1TilesOp::create(
      builder, loc, MemRefType::get({rows, cols}, element), name, l1);
  auto part = metalium::ByElementOp::create(builder, loc);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&part.getBody().emplaceBlock());
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  auto loop = [&](Value variable, int64_t extent, int64_t step, auto body) {
    if (extent == 1)
      return body(constant(0));
    Location named = getSourceName(variable.getLoc()).empty()
                         ? loc
                         : Location(variable.getLoc());
    auto made = scf::ForOp::create(builder, named, constant(0),
                                   constant(extent), constant(step));
    OpBuilder::InsertionGuard inner(builder);
    builder.setInsertionPointToStart(made.getBody());
    body(made.getInductionVar());
  };
  BlockArgument row = gather.getBody().getArgument(0);
  BlockArgument col = gather.getBody().getArgument(1);
  ArrayRef<int64_t> extents = gather.getExtents();
  if (extents[0] != rows || extents[1] != cols)
    metalium::ClearElementsOp::create(builder, loc, tiles);
  int64_t count = 1;
  if (tt::LoadElementOp load = getYieldedLoad(gather))
    count = getRunLength(
        gather, cast<MemRefType>(elements.lookup(load.getTensor()).getType()));
  loop(row, extents[0], 1, [&](Value r) {
    loop(col, extents[1], count,
         [&](Value c) { lowerBody(builder, gather, r, c, tiles, count); });
  });
  return success();
}

} // namespace tilewright
