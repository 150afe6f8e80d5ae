//===- MovedElements.cpp - Blocks that move element by element ------------===//
//
//   for r in rows: for c in columns:          for r in rows: for c in columns:
//     block[r, c] = body(r, c)                  tensor[body(r, c)] = block[r,
//     c]
//
// or, inside the core, block[place(r, c)] = body(r, c).
//
// The block lies in L1 as tiles. Where it does not fill its tiles they are
// cleared first. A 16-bit float that only goes from one to the other is moved
// as the word that it is.
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

#include "compiler/Passes/D_SplitAndProtocol/MovedElements.h"

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Analysis/IndexRange.h"
#include "compiler/Dialect/Tile/Tile.h"
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

MovedElements::MovedElements(metalium::KernelOp kernel) : kernel(kernel) {
  kernel.walk([&](Operation *op) {
    if (isa<tt::GatherToCBOp, tt::ScatterFromCBOp, tt::MoveElementsOp>(op))
      for (Operation &inner : op->getRegion(0).front())
        inWords &= isOnlyMoved(&inner);
  });
}

/// The type that elements of `element` have in the kernel's memory.
Type MovedElements::inMemory(Type element) const {
  return inWords && isShortFloat(element)
             ? IntegerType::get(element.getContext(),
                                element.getIntOrFloatBitWidth())
             : element;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

LogicalResult MovedElements::open(Operation *op, Value accessor, Value pages,
                                  bool isStored, WithPages withPages) {
  Value &opened = elements[accessor];
  if (opened)
    return success();
  Location loc = op->getLoc();
  FailureOr<metalium::TensorOp> tensor =
      tensorOf(loc, BlockRegion{accessor, {}, {}, {}, 1, 1});
  if (failed(tensor))
    return failure();
  auto type = cast<MemRefType>(tensor->getType());
  auto inKernel =
      MemRefType::get(type.getShape(), inMemory(type.getElementType()),
                      type.getLayout(), type.getMemorySpace());
  auto layout = cast<tt::LayoutAttr>(type.getMemorySpace());
  int64_t count = isStored
                      ? llvm::divideCeil(metalium::getElementCacheBytes(layout),
                                         tt::getTileBytes(layout.getFormat()))
                      : metalium::kElementReaderLines;
  OpBuilder builder(kernel.getBodyBlock()->findAncestorOpInBlock(*op));
  Value base;
  if (failed(
          withPages(builder, loc, pages, count, [&](Value l1) { base = l1; })))
    return failure();
  opened = metalium::ElementsOp::create(
      builder, NameLoc::get(builder.getStringAttr(tensor->getSymName()), loc),
      inKernel, tensor->getSymName(), accessor, base, /*offset=*/0,
      FloatAttr());
  if (isStored) {
    builder.setInsertionPointToEnd(kernel.getBodyBlock());
    metalium::FlushElementsOp::create(builder, loc, opened);
  }
  return success();
}

LogicalResult MovedElements::open(WithPages withPages) {
  SmallVector<Operation *> ops;
  kernel.walk([&](Operation *op) {
    if (isa<tt::GatherToCBOp, tt::ScatterFromCBOp, tt::MoveElementsOp>(op))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    SmallVector<Value> tensors, pages;
    auto scatter = dyn_cast<tt::ScatterFromCBOp>(op);
    if (scatter) {
      tensors = scatter.getTensors();
      pages = scatter.getPages();
    } else if (auto move = dyn_cast<tt::MoveElementsOp>(op)) {
      tensors = move.getTensors();
      pages = move.getPages();
    } else {
      tensors = cast<tt::GatherToCBOp>(op).getTensors();
      pages = cast<tt::GatherToCBOp>(op).getPages();
    }
    for (auto [accessor, cb] : llvm::zip(tensors, pages)) {
      bool isStored = scatter && accessor == scatter.getTensor();
      if (failed(open(op, accessor, cb, isStored, withPages)))
        return failure();
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

/// A value of a body, as memory has it.
Value MovedElements::moved(OpBuilder &builder, Value value,
                           const IRMapping &map) const {
  Type type = inMemory(value.getType());
  TypedAttr constant;
  if (map.contains(value) || type == value.getType() ||
      !matchPattern(value, m_Constant(&constant)))
    return map.lookupOrDefault(value);
  return arith::ConstantOp::create(
      builder, value.getLoc(),
      builder.getIntegerAttr(
          type, cast<FloatAttr>(constant).getValue().bitcastToAPInt()));
}

/// A condition for `place`, a row and a column, to be in a block of that type;
/// null where it surely is.
static Value isInBlock(OpBuilder &builder, Location loc, ValueRange place,
                       tt::BlockType block) {
  Value all;
  int64_t sizes[] = {block.getRows() * tt::kTileDim,
                     block.getCols() * tt::kTileDim};
  for (auto [at, size] : llvm::zip(place, sizes)) {
    std::optional<IndexRange> range = getIndexRange(at);
    if (range && range->min >= 0 && range->max < size)
      continue;
    auto compare = [&](arith::CmpIPredicate how, int64_t bound) -> Value {
      return arith::CmpIOp::create(
          builder, loc, how, at,
          arith::ConstantIndexOp::create(builder, loc, bound));
    };
    Value here = arith::AndIOp::create(
        builder, loc, compare(arith::CmpIPredicate::sge, 0),
        compare(arith::CmpIPredicate::slt, size));
    all = all ? arith::AndIOp::create(builder, loc, all, here) : here;
  }
  return all;
}

/// The element of a block in L1; zero outside.
Value MovedElements::loadFromBlock(OpBuilder &builder, tt::LoadElementOp load,
                                   const IRMapping &map) const {
  Location loc = load.getLoc();
  SmallVector<Value> place =
      llvm::map_to_vector(load.getIndices(), [&](Value index) {
        return map.lookupOrDefault(index);
      });
  Value tiles = map.lookup(load.getTensor());
  Value inside = isInBlock(builder, loc, place,
                           cast<tt::BlockType>(load.getTensor().getType()));
  if (!inside)
    return memref::LoadOp::create(builder, loc, tiles, place);
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  for (Value &index : place)
    index = arith::SelectOp::create(builder, loc, inside, index, zero);
  Value element = memref::LoadOp::create(builder, loc, tiles, place);
  Value none = tile::createZero(builder, loc, element.getType());
  return arith::SelectOp::create(builder, loc, inside, element, none);
}

void MovedElements::copyBody(OpBuilder &builder, Block &body, IRMapping &map,
                             ArrayRef<Operation *> except) {
  auto at = [&](Value value) { return moved(builder, value, map); };
  for (Operation &op : body.without_terminator()) {
    if (llvm::is_contained(except, &op))
      continue;
    if (auto load = dyn_cast<tt::LoadElementOp>(op);
        load && isa<tt::BlockType>(load.getTensor().getType())) {
      map.map(load.getResult(), loadFromBlock(builder, load, map));
    } else if (load) {
      map.map(load.getResult(),
              memref::LoadOp::create(builder, load.getLoc(),
                                     elements.lookup(load.getTensor()),
                                     llvm::map_to_vector(load.getIndices(), at))
                  .getResult());
    } else if (auto select = dyn_cast<arith::SelectOp>(op)) {
      map.map(select.getResult(),
              arith::SelectOp::create(
                  builder, op.getLoc(), at(select.getCondition()),
                  at(select.getTrueValue()), at(select.getFalseValue()))
                  .getResult());
    } else if (op.getNumResults() != 1 || inMemory(op.getResult(0).getType()) ==
                                              op.getResult(0).getType()) {
      builder.clone(op, map);
    } // else a constant, made where it is used
  }
}

/// The elements from (row, col) on, to the same place of `block`.
void MovedElements::lowerBody(OpBuilder &builder, tt::GatherToCBOp gather,
                              Value row, Value col, Value block,
                              int64_t count) {
  Block &body = gather.getBody().front();
  IRMapping map;
  map.map(body.getArgument(0), row);
  map.map(body.getArgument(1), col);
  auto at = [&](Value value) { return moved(builder, value, map); };
  Value yielded = cast<tt::YieldOp>(body.getTerminator()).getValues()[0];
  auto choice = yielded.getDefiningOp<arith::SelectOp>();
  tt::LoadElementOp last = count > 1 ? getYieldedLoad(gather) : nullptr;
  SmallVector<Operation *> except;
  if (last)
    except = {last, choice};
  copyBody(builder, body, map, except);
  Location loc = gather.getLoc();
  Value place[] = {row, col};
  if (!last) {
    memref::StoreOp::create(builder, loc, at(yielded), block, place);
    return;
  }
  auto copy = [&] {
    metalium::CopyElementsOp::create(
        builder, loc, count, elements.lookup(last.getTensor()),
        llvm::map_to_vector(last.getIndices(), at), block, row, col);
  };
  if (!choice)
    return copy();
  bool whenTrue = choice.getTrueValue() == last;
  Value other = whenTrue ? choice.getFalseValue() : choice.getTrueValue();
  auto branch =
      scf::IfOp::create(builder, loc, at(choice.getCondition()), true);
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
  Value column =
      arith::AddIOp::create(builder, loc, col, loop.getInductionVar());
  memref::StoreOp::create(builder, loc, at(other), block,
                          ValueRange{row, column});
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// The block in L1, as an array of elements of that type.
static Value createTiles(OpBuilder &builder, Location loc, tt::BlockType block,
                         Type element, Value l1) {
  StringRef name = getSourceName(l1.getLoc());
  name.consume_back("_l1");
  return metalium::L1TilesOp::create(
      builder, loc,
      MemRefType::get(
          {block.getRows() * tt::kTileDim, block.getCols() * tt::kTileDim},
          element),
      name, l1);
}

/// Loops over the first rows and columns, `step` columns at a time, with the
/// names of the body's arguments.
static void forEachElement(OpBuilder &builder, Location loc, Block &body,
                           ArrayRef<int64_t> extents, int64_t step,
                           llvm::function_ref<void(Value, Value)> emit) {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Value> place;
  for (int dim : {0, 1}) {
    if (extents[dim] == 1) {
      place.push_back(constant(0));
      continue;
    }
    Location named = body.getArgument(dim).getLoc();
    auto loop = scf::ForOp::create(
        builder, getSourceName(named).empty() ? loc : named, constant(0),
        constant(extents[dim]), constant(dim ? step : 1));
    builder.setInsertionPointToStart(loop.getBody());
    place.push_back(loop.getInductionVar());
  }
  emit(place[0], place[1]);
}

void MovedElements::emit(OpBuilder &builder, tt::GatherToCBOp gather,
                         Value l1) {
  Location loc = gather.getLoc();
  tt::BlockType block = gather.getBlock().getType();
  Value tiles =
      createTiles(builder, loc, block, inMemory(block.getElement()), l1);
  auto part = metalium::ByElementOp::create(builder, loc);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&part.getBody().emplaceBlock());
  ArrayRef<int64_t> extents = gather.getExtents();
  if (extents[0] != block.getRows() * tt::kTileDim ||
      extents[1] != block.getCols() * tt::kTileDim)
    metalium::ClearElementsOp::create(builder, loc, tiles);
  int64_t count = 1;
  if (tt::LoadElementOp load = getYieldedLoad(gather))
    count = getRunLength(
        gather, cast<MemRefType>(elements.lookup(load.getTensor()).getType()));
  forEachElement(builder, loc, gather.getBody().front(), extents, count,
                 [&](Value r, Value c) {
                   lowerBody(builder, gather, r, c, tiles, count);
                 });
}

void MovedElements::emit(OpBuilder &builder, tt::ScatterFromCBOp scatter,
                         Value l1) {
  Location loc = scatter.getLoc();
  tt::BlockType block = scatter.getBlock().getType();
  Block &body = scatter.getBody().front();
  Value tiles =
      createTiles(builder, loc, block, inMemory(block.getElement()), l1);
  auto part = metalium::ByElementOp::create(builder, loc);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&part.getBody().emplaceBlock());
  forEachElement(
      builder, loc, body, scatter.getExtents(), 1, [&](Value r, Value c) {
        IRMapping map;
        map.map(body.getArgument(0), r);
        map.map(body.getArgument(1), c);
        copyBody(builder, body, map);
        auto yields = cast<tt::YieldOp>(body.getTerminator()).getValues();
        Value condition = map.lookupOrDefault(yields.front());
        OpBuilder::InsertionGuard inner(builder);
        if (!matchPattern(condition, m_One())) {
          auto branch = scf::IfOp::create(builder, loc, condition, false);
          builder.setInsertionPointToStart(branch.thenBlock());
        }
        Value element =
            memref::LoadOp::create(builder, loc, tiles, ValueRange{r, c});
        SmallVector<Value> indices;
        for (Value index : yields.drop_front())
          indices.push_back(map.lookupOrDefault(index));
        memref::StoreOp::create(builder, loc, element,
                                elements.lookup(scatter.getTensor()), indices);
      });
}

void MovedElements::emit(OpBuilder &builder, tt::MoveElementsOp move, Value l1,
                         const llvm::DenseMap<Value, Value> &blocks) {
  Location loc = move.getLoc();
  tt::BlockType block = move.getBlock().getType();
  Block &body = move.getBody().front();
  if (std::optional<int64_t> onto = move.getOnto()) {
    // The NoC copies the block that the new one starts as.
    int64_t bytes = block.getNumTiles() *
                    tt::getTileBytes(*tt::getDataFormat(block.getElement()));
    Value from = metalium::GetLocalNocAddrOp::create(
        builder, loc, metalium::NocAddrType::get(builder.getContext()),
        blocks.lookup(move.getBlocks()[*onto]));
    metalium::NocAsyncReadOp::create(
        builder, loc, from, l1,
        arith::ConstantIndexOp::create(builder, loc, bytes));
    metalium::NocAsyncReadBarrierOp::create(builder, loc);
  }
  Value tiles =
      createTiles(builder, loc, block, inMemory(block.getElement()), l1);
  IRMapping sources;
  for (auto [argument, source] :
       llvm::zip(body.getArguments().drop_front(2), move.getBlocks())) {
    if (argument.use_empty())
      continue;
    auto type = cast<tt::BlockType>(source.getType());
    sources.map(argument,
                createTiles(builder, loc, type, inMemory(type.getElement()),
                            blocks.lookup(source)));
  }
  auto part = metalium::ByElementOp::create(builder, loc);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&part.getBody().emplaceBlock());
  auto yields = cast<tt::YieldOp>(body.getTerminator()).getValues();
  ArrayRef<int64_t> extents = move.getExtents();
  bool fills = matchPattern(yields[0], m_One()) &&
               yields[2] == body.getArgument(0) &&
               yields[3] == body.getArgument(1) &&
               extents[0] == block.getRows() * tt::kTileDim &&
               extents[1] == block.getCols() * tt::kTileDim;
  if (!move.getOnto() && !fills)
    metalium::ClearElementsOp::create(builder, loc, tiles);
  forEachElement(
      builder, loc, body, move.getExtents(), 1, [&](Value r, Value c) {
        IRMapping map = sources;
        map.map(body.getArgument(0), r);
        map.map(body.getArgument(1), c);
        copyBody(builder, body, map);
        SmallVector<Value> place = {map.lookupOrDefault(yields[2]),
                                    map.lookupOrDefault(yields[3])};
        Value condition = map.lookupOrDefault(yields[0]);
        if (matchPattern(condition, m_One()))
          condition = {};
        if (Value inside = isInBlock(builder, loc, place, block))
          condition =
              condition ? arith::AndIOp::create(builder, loc, condition, inside)
                        : inside;
        OpBuilder::InsertionGuard inner(builder);
        if (condition) {
          auto branch = scf::IfOp::create(builder, loc, condition, false);
          builder.setInsertionPointToStart(branch.thenBlock());
        }
        memref::StoreOp::create(builder, loc, moved(builder, yields[1], map),
                                tiles, place);
      });
}

} // namespace tilewright
