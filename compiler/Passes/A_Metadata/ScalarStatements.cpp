//===- ScalarStatements.cpp - Floats outside parallel loops ---------------===//
//
// A float that is known at run time is a block of one element: the vector unit
// computes it, a broadcast spreads it. So statements on floats become parallel
// loops, whose lowering knows how blocks are read, written and carried:
//
//   1. T.fill of a buffer with a value that is no constant is a parallel loop
//      over the buffer.
//   2. A store of a float to a buffer of one element (T.alloc_var) is a
//      parallel loop over one element; so is one to a tensor of what elements
//      of blocks give.
//   3. A parallel loop computes for itself the floats and truth values that it
//      takes from outside. Where an element that such a value was loaded from
//      changes before the loop, the element is kept in a buffer of its own.
//
// Integers outside parallel loops steer the program; they are left alone.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/ScalarStatements.h"

#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Support/Diagnostics.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace tilewright {

static bool isInParallel(Operation *op) {
  return op->getParentOfType<tile::ParallelOp>() != nullptr;
}

/// Whether `op` itself, without what it holds, changes `memref`.
static bool writes(Operation *op, Value memref) {
  if (auto copy = dyn_cast<tile::CopyOp>(op))
    return copy.getTarget() == memref;
  if (auto fill = dyn_cast<tile::FillOp>(op))
    return fill.getBuffer() == memref;
  if (auto gemm = dyn_cast<tile::GemmOp>(op))
    return gemm.getC() == memref;
  if (auto reduce = dyn_cast<tile::ReduceOp>(op))
    return reduce.getTarget() == memref;
  if (auto sums = dyn_cast<tile::CumsumOp>(op))
    return sums.getTarget() == memref;
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return store.getMemRef() == memref;
  return false;
}

static bool holdsWrite(Operation *op, Value memref) {
  return op
      ->walk([&](Operation *inner) {
        return writes(inner, memref) ? WalkResult::interrupt()
                                     : WalkResult::advance();
      })
      .wasInterrupted();
}

namespace {
class Speller {
public:
  explicit Speller(tile::LaunchOp launch)
      : launch(launch), builder(launch.getContext()) {}
  void run();

private:
  tile::ParallelOp createLoop(Operation *before, ArrayRef<int64_t> extents);
  void spell(tile::FillOp fill);
  void spell(memref::StoreOp store);
  void takeIn(tile::ParallelOp loop);
  Value takeIn(Value value, tile::ParallelOp loop, IRMapping &inside);
  Value takeIn(memref::LoadOp load, tile::ParallelOp loop, IRMapping &inside);
  bool isUnchanged(memref::LoadOp load, tile::ParallelOp loop);
  Value keep(memref::LoadOp load);
  bool canTakeIn(Operation *op);

  tile::LaunchOp launch;
  OpBuilder builder;
  /// Elements that are kept in a buffer.
  llvm::DenseMap<Operation *, Value> kept;
  SmallVector<tile::ParallelOp> keepers;
};
} // namespace

/// An empty parallel loop in front of `before`; the builder stands in its body.
tile::ParallelOp Speller::createLoop(Operation *before,
                                     ArrayRef<int64_t> extents) {
  builder.setInsertionPoint(before);
  SmallVector<StringRef> names;
  static constexpr StringRef letters[] = {"i", "j", "k", "l"};
  for (size_t dim = 0; dim < extents.size(); ++dim)
    names.push_back(letters[std::min<size_t>(dim, 3)]);
  OperationState state(before->getLoc(), tile::ParallelOp::getOperationName());
  state.addAttribute("extents", builder.getDenseI64ArrayAttr(extents));
  state.addAttribute("names", builder.getStrArrayAttr(names));
  state.addRegion();
  auto loop = cast<tile::ParallelOp>(builder.create(state));
  Block *body = builder.createBlock(&loop.getBody());
  for (size_t dim = 0; dim < extents.size(); ++dim)
    body->addArgument(builder.getIndexType(), before->getLoc());
  return loop;
}

void Speller::spell(tile::FillOp fill) {
  auto type = cast<MemRefType>(fill.getBuffer().getType());
  tile::ParallelOp loop = createLoop(fill, type.getShape());
  memref::StoreOp::create(builder, fill.getLoc(), fill.getValue(),
                          fill.getBuffer(),
                          loop.getBody().front().getArguments());
  fill.erase();
}

void Speller::spell(memref::StoreOp store) {
  tile::ParallelOp loop = createLoop(store, {1});
  store->moveBefore(&loop.getBody().front(), loop.getBody().front().end());
}

/// Whether the loaded element is the same when `loop` runs.
bool Speller::isUnchanged(memref::LoadOp load, tile::ParallelOp loop) {
  Value memref = load.getMemRef();
  Operation *end = load->getBlock()->findAncestorOpInBlock(*loop);
  if (!end)
    return false;
  for (Operation *op = load->getNextNode(); op != end; op = op->getNextNode())
    if (holdsWrite(op, memref))
      return false;
  // A loop over one element has loaded before it stores.
  bool isSingle = llvm::all_of(loop.getExtents(),
                               [](int64_t extent) { return extent == 1; });
  return (end == loop.getOperation() && isSingle) || !holdsWrite(end, memref);
}

/// A buffer that holds the element from the load on.
Value Speller::keep(memref::LoadOp load) {
  Value &buffer = kept[load];
  if (buffer)
    return buffer;
  Location loc = load.getLoc();
  StringRef name = getSourceName(loc);
  std::string text =
      name.empty() ? getBufferName(load.getMemRef()) + "_element" : name.str();
  builder.setInsertionPointToStart(&launch.getBody().front());
  auto type = MemRefType::get(
      {1}, load.getType(), MemRefLayoutAttrInterface(),
      tile::ScopeAttr::get(builder.getContext(), tile::Scope::Local));
  buffer = tile::AllocOp::create(
      builder, NameLoc::get(builder.getStringAttr(text), loc), type, text);
  tile::ParallelOp loop = createLoop(load->getNextNode(), {1});
  Value value =
      memref::LoadOp::create(builder, loc, load.getMemRef(), load.getIndices());
  memref::StoreOp::create(builder, loc, value, buffer,
                          loop.getBody().front().getArguments());
  return buffer;
}

Value Speller::takeIn(memref::LoadOp load, tile::ParallelOp loop,
                      IRMapping &inside) {
  if (!kept.contains(load) && isUnchanged(load, loop))
    return builder.clone(*load)->getResult(0);
  // The place where it is kept may lie in front of other statements.
  Value buffer = keep(load);
  builder.setInsertionPointToStart(&loop.getBody().front());
  Value zero = arith::ConstantIndexOp::create(builder, load.getLoc(), 0);
  return memref::LoadOp::create(builder, load.getLoc(), buffer, zero);
}

/// Floats and truth values, whatever computes them without side effects.
bool Speller::canTakeIn(Operation *op) {
  if (op->getNumResults() != 1 || op->hasTrait<OpTrait::ConstantLike>())
    return false;
  Type type = op->getResult(0).getType();
  if (!isa<FloatType>(type) && !type.isInteger(1))
    return false;
  if (isa<memref::LoadOp>(op))
    return isa<FloatType>(type); // others steer the program
  return op->getNumRegions() == 0 && isPure(op);
}

Value Speller::takeIn(Value value, tile::ParallelOp loop, IRMapping &inside) {
  if (Value known = inside.lookupOrNull(value))
    return known;
  Operation *op = value.getDefiningOp();
  if (!op || loop->isAncestor(op) || !canTakeIn(op))
    return value;
  Value result;
  if (auto load = dyn_cast<memref::LoadOp>(op)) {
    builder.setInsertionPointToStart(&loop.getBody().front());
    result = takeIn(load, loop, inside);
  } else {
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(takeIn(operand, loop, inside));
    // Behind its operands, in front of everything that was there before.
    builder.setInsertionPointToStart(&loop.getBody().front());
    for (Value operand : operands)
      if (Operation *def = operand.getDefiningOp();
          def && def->getBlock() == &loop.getBody().front() &&
          !def->isBeforeInBlock(&*builder.getInsertionPoint()))
        builder.setInsertionPointAfter(def);
    Operation *clone = builder.clone(*op);
    clone->setOperands(operands);
    result = clone->getResult(0);
  }
  inside.map(value, result);
  return result;
}

void Speller::takeIn(tile::ParallelOp loop) {
  SmallVector<OpOperand *> uses;
  loop.walk([&](Operation *op) {
    for (OpOperand &use : op->getOpOperands())
      if (Operation *def = use.get().getDefiningOp();
          def && !loop->isAncestor(def))
        uses.push_back(&use);
  });
  IRMapping inside;
  for (OpOperand *use : uses)
    use->set(takeIn(use->get(), loop, inside));
}

static bool isConstant(Value value) {
  if (auto cast = value.getDefiningOp<UnrealizedConversionCastOp>())
    value = cast.getOperand(0);
  return matchPattern(value, m_Constant());
}

/// Whether an element of a block on the chip goes into `value`, all of them at
/// constant places: statements that go through a block element by element are
/// faster without tiles.
static bool takesBlockElement(Value value) {
  Operation *op = value.getDefiningOp();
  if (auto load = dyn_cast_or_null<memref::LoadOp>(op)) {
    auto scope = dyn_cast_or_null<tile::ScopeAttr>(
        load.getMemRefType().getMemorySpace());
    return scope &&
           (scope.getValue() == tile::Scope::Shared ||
            scope.getValue() == tile::Scope::Fragment) &&
           llvm::all_of(load.getIndices(), [](Value index) {
             return matchPattern(index, m_Constant());
           });
  }
  return op && op->getNumRegions() == 0 &&
         llvm::any_of(op->getOperands(), takesBlockElement);
}

void Speller::run() {
  SmallVector<tile::FillOp> fills;
  SmallVector<memref::StoreOp> stores;
  launch.walk([&](Operation *op) {
    if (auto fill = dyn_cast<tile::FillOp>(op)) {
      auto type = cast<MemRefType>(fill.getBuffer().getType());
      if (fill.getBuffer().getDefiningOp<tile::AllocOp>() &&
          !isConstant(fill.getValue()) &&
          (type.getNumElements() != 1 || isa<FloatType>(type.getElementType())))
        fills.push_back(fill);
    } else if (auto store = dyn_cast<memref::StoreOp>(op)) {
      auto type = store.getMemRefType();
      if (store.getMemRef().getDefiningOp<tile::AllocOp>() &&
          type.getNumElements() == 1 && isa<FloatType>(type.getElementType()) &&
          !isInParallel(store))
        stores.push_back(store);
      else if (isa<BlockArgument>(store.getMemRef()) && !isInParallel(store) &&
               isa<FloatType>(type.getElementType()) &&
               takesBlockElement(store.getValue()))
        stores.push_back(store);
    }
  });
  for (tile::FillOp fill : fills)
    spell(fill);
  for (memref::StoreOp store : stores)
    spell(store);
  SmallVector<tile::ParallelOp> loops;
  launch.walk([&](tile::ParallelOp loop) { loops.push_back(loop); });
  for (tile::ParallelOp loop : loops)
    takeIn(loop);
  // Loads that nothing but parallel loops used.
  SmallVector<Operation *> ops;
  launch.walk<WalkOrder::PreOrder>([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : llvm::reverse(ops))
    if (op != launch && isOpTriviallyDead(op))
      op->erase();
}

void spellScalarStatements(tile::FuncOp func) {
  SmallVector<tile::LaunchOp> launches;
  func.walk([&](tile::LaunchOp launch) { launches.push_back(launch); });
  for (tile::LaunchOp launch : launches)
    Speller(launch).run();
}

} // namespace tilewright
