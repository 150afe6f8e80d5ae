//===- Inspections.cpp - T.print and T.device_assert on blocks ------------===//
//
// The writer shows and checks what the compute kernel puts into a circular
// buffer: whole buffers, or one element of one. So
//
//   1. a print of an element of an on-chip buffer names the buffer and the
//      offsets, where nothing was written in between;
//   2. a print of an element of a DRAM tensor of floats copies it on chip;
//   3. a print of any other float is a buffer of one element and a parallel
//      loop that computes it (ScalarStatements.cpp takes it from there);
//   4. an assertion on such numbers computes 1 where it holds and 0 where it
//      does not, and checks that buffer (tile.check); one inside a parallel
//      loop does so for every iteration, and is checked after the loop.
//
// Integers that steer the program are known to the writer; they stay.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/Inspections.h"

#include "compiler/Analysis/Scalars.h"
#include "compiler/Support/Diagnostics.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace tilewright {

namespace {
class Inspector {
public:
  explicit Inspector(tile::LaunchOp launch)
      : launch(launch), builder(launch.getContext()) {}
  void run();

private:
  void spell(tile::PrintOp print);
  void spell(tile::AssertOp check);
  Value createBuffer(Location loc, StringRef name, ArrayRef<int64_t> shape,
                     Type element);
  /// A parallel loop over one element in front of `before`, which stores
  /// `value` to `buffer`.
  void storeSingle(Operation *before, Value value, Value buffer);
  Value asNumber(Location loc, Value condition);

  tile::LaunchOp launch;
  OpBuilder builder;
};
} // namespace

/// Whether `value` comes from elements that only the compute engine knows.
static bool isOfEngine(Value value) {
  SmallVector<Value> worklist = {value};
  llvm::DenseSet<Value> seen;
  while (!worklist.empty()) {
    Value next = worklist.pop_back_val();
    Operation *op = next.getDefiningOp();
    if (!op || !seen.insert(next).second)
      continue;
    if (isa<FloatType>(next.getType()))
      return true;
    if (auto load = dyn_cast<memref::LoadOp>(op);
        load && load.getMemRef().getDefiningOp<tile::AllocOp>() &&
        !isScalarBuffer(load.getMemRef()))
      return true;
    llvm::append_range(worklist, op->getOperands());
  }
  return false;
}

/// Whether nothing between `load` and `user`, in one block, can change memory.
static bool isFresh(memref::LoadOp load, Operation *user) {
  if (load->getBlock() != user->getBlock())
    return false;
  for (Operation *op = load->getNextNode(); op != user; op = op->getNextNode())
    if (!isPure(op) && !isa<memref::LoadOp, tile::PrintOp>(op))
      return false;
  return true;
}

Value Inspector::createBuffer(Location loc, StringRef name,
                              ArrayRef<int64_t> shape, Type element) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&launch.getBody().front());
  auto type = MemRefType::get(
      shape, element, MemRefLayoutAttrInterface(),
      tile::ScopeAttr::get(builder.getContext(), tile::Scope::Local));
  return tile::AllocOp::create(
      builder, NameLoc::get(builder.getStringAttr(name), loc), type, name);
}

void Inspector::storeSingle(Operation *before, Value value, Value buffer) {
  Location loc = before->getLoc();
  builder.setInsertionPoint(before);
  OperationState state(loc, tile::ParallelOp::getOperationName());
  state.addAttribute("extents", builder.getDenseI64ArrayAttr({1}));
  state.addAttribute("names", builder.getStrArrayAttr({"i"}));
  state.addRegion();
  auto loop = cast<tile::ParallelOp>(builder.create(state));
  OpBuilder::InsertionGuard guard(builder);
  Block *body = builder.createBlock(&loop.getBody());
  body->addArgument(builder.getIndexType(), loc);
  memref::StoreOp::create(builder, loc, value, buffer, body->getArguments());
}

Value Inspector::asNumber(Location loc, Value condition) {
  Type f32 = builder.getF32Type();
  Value one =
      arith::ConstantOp::create(builder, loc, builder.getFloatAttr(f32, 1.0));
  Value zero =
      arith::ConstantOp::create(builder, loc, builder.getFloatAttr(f32, 0.0));
  return arith::SelectOp::create(builder, loc, condition, one, zero);
}

static bool isInParallel(Operation *op) {
  return op->getParentOfType<tile::ParallelOp>() != nullptr;
}

void Inspector::spell(tile::PrintOp print) {
  if (print.getValues().size() != 1 || isInParallel(print))
    return;
  Value value = print.getValues().front();
  if (isa<MemRefType>(value.getType()) || !isOfEngine(value))
    return;
  Location loc = print.getLoc();
  auto load = value.getDefiningOp<memref::LoadOp>();
  if (load && load.getMemRef().getDefiningOp<tile::AllocOp>() &&
      isFresh(load, print)) {
    print.getValuesMutable().assign(load.getMemRef());
    print.getOffsetsMutable().assign(load.getIndices());
    return;
  }
  if (value.getType().isInteger(1)) {
    builder.setInsertionPoint(print);
    value = asNumber(loc, value);
  }
  StringRef source = getSourceName(value.getLoc());
  Value buffer = createBuffer(loc, source.empty() ? "printed" : source, {1},
                              value.getType());
  if (load && isa<BlockArgument>(load.getMemRef()) && isFresh(load, print)) {
    builder.setInsertionPoint(print);
    SmallVector<int64_t> single(load.getIndices().size(), 1);
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
    tile::CopyOp::create(builder, loc, load.getMemRef(), load.getIndices(),
                         builder.getDenseI64ArrayAttr(single), buffer,
                         ValueRange(zero), builder.getDenseI64ArrayAttr({1}));
  } else {
    storeSingle(print, value, buffer);
  }
  builder.setInsertionPoint(print);
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  print.getValuesMutable().assign(buffer);
  print.getOffsetsMutable().assign(zero);
}

void Inspector::spell(tile::AssertOp check) {
  Location loc = check.getLoc();
  auto loop = dyn_cast<tile::ParallelOp>(check->getParentOp());
  if (!loop && (isInParallel(check) || !isOfEngine(check.getCondition())))
    return; // a condition inside T.Parallel: element by element
  SmallVector<int64_t> shape = {1};
  if (loop)
    shape.assign(loop.getExtents().begin(), loop.getExtents().end());
  if (shape.size() > 2)
    return;
  Value buffer = createBuffer(loc, "assertion", shape, builder.getF32Type());
  builder.setInsertionPoint(check);
  Value number = asNumber(loc, check.getCondition());
  if (loop)
    memref::StoreOp::create(builder, loc, number, buffer,
                            loop.getBody().front().getArguments());
  else
    storeSingle(check, number, buffer);
  if (loop)
    builder.setInsertionPointAfter(loop);
  else
    builder.setInsertionPoint(check);
  tile::CheckOp::create(builder, loc, buffer, check.getMessage());
  check.erase();
}

void Inspector::run() {
  SmallVector<Operation *> ops;
  launch.walk([&](Operation *op) {
    if (isa<tile::PrintOp, tile::AssertOp>(op))
      ops.push_back(op);
  });
  for (Operation *op : ops)
    if (auto print = dyn_cast<tile::PrintOp>(op))
      spell(print);
    else
      spell(cast<tile::AssertOp>(op));
}

void spellInspections(tile::FuncOp func) {
  SmallVector<tile::LaunchOp> launches;
  func.walk([&](tile::LaunchOp launch) { launches.push_back(launch); });
  for (tile::LaunchOp launch : launches)
    Inspector(launch).run();
}

} // namespace tilewright
