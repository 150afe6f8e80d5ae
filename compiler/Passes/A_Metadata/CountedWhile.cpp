//===- CountedWhile.cpp - While loops that count --------------------------===//
//
// The three kernels of a core agree on how often a loop runs before it begins.
// A while loop
//
//   while i < n: ...; i += c; ...
//
// on an integer variable i runs max(0, ceil((n - i) / c)) times, where
//
//   1. the condition compares i, by <, <=, > or >=, with a number that the loop
//      does not change;
//   2. the loop stores i once, at the top of its body, and what it stores is i
//      plus or minus a constant that leads towards n.
//
// In iteration k, i is i0 + k * c before that statement and i0 + (k + 1) * c
// behind it; after the loop it is i0 + count * c.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/CountedWhile.h"

#include "compiler/Analysis/Scalars.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace tilewright {

namespace {
class CountedLoop {
public:
  explicit CountedLoop(scf::WhileOp loop)
      : loop(loop), builder(loop), loc(loop.getLoc()) {}
  /// Replaces the loop where it counts.
  void run();

private:
  bool match();
  bool matchCondition();
  bool matchStep();
  bool isInvariant(Value value);
  Value hoist(Value value, IRMapping &outside);
  Value count(Value first);
  /// first + times * step, as an integer of the variable's type.
  Value valueAfter(Value first, Value times);

  scf::WhileOp loop;
  OpBuilder builder;
  Location loc;
  Value variable, bound;
  arith::CmpIPredicate predicate = arith::CmpIPredicate::slt;
  memref::StoreOp update;
  int64_t step = 0;
};
} // namespace

/// Whether `value`, of the condition, is the same in every iteration.
bool CountedLoop::isInvariant(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || !loop->isAncestor(op))
    return true;
  if (auto load = dyn_cast<memref::LoadOp>(op)) {
    Value memref = load.getMemRef();
    bool isLocal = memref.getDefiningOp<tile::AllocOp>();
    if (isLocal && !isScalarBuffer(memref))
      return false;
    for (Operation *user : memref.getUsers())
      if (!isa<memref::LoadOp>(user) && (!isLocal || loop->isAncestor(user)))
        return false;
  } else if (op->getNumRegions() != 0 || !isPure(op)) {
    return false;
  }
  return llvm::all_of(op->getOperands(),
                      [&](Value operand) { return isInvariant(operand); });
}

Value CountedLoop::hoist(Value value, IRMapping &outside) {
  Operation *op = value.getDefiningOp();
  if (!op || !loop->isAncestor(op))
    return value;
  if (Value known = outside.lookupOrNull(value))
    return known;
  for (Value operand : op->getOperands())
    outside.map(operand, hoist(operand, outside));
  Value made = builder.clone(*op, outside)
                   ->getResult(cast<OpResult>(value).getResultNumber());
  outside.map(value, made);
  return made;
}

bool CountedLoop::matchCondition() {
  auto compare =
      loop.getConditionOp().getCondition().getDefiningOp<arith::CmpIOp>();
  if (!compare || !compare.getLhs().getType().isInteger(32))
    return false;
  auto asVariable = [&](Value value) -> Value {
    auto load = value.getDefiningOp<memref::LoadOp>();
    if (!load || !isScalarBuffer(load.getMemRef()) || isInvariant(value))
      return {};
    return load.getMemRef();
  };
  predicate = compare.getPredicate();
  bound = compare.getRhs();
  variable = asVariable(compare.getLhs());
  if (!variable) {
    bound = compare.getLhs();
    variable = asVariable(compare.getRhs());
    switch (predicate) {
    case arith::CmpIPredicate::slt:
      predicate = arith::CmpIPredicate::sgt;
      break;
    case arith::CmpIPredicate::sle:
      predicate = arith::CmpIPredicate::sge;
      break;
    case arith::CmpIPredicate::sgt:
      predicate = arith::CmpIPredicate::slt;
      break;
    case arith::CmpIPredicate::sge:
      predicate = arith::CmpIPredicate::sle;
      break;
    default:
      return false;
    }
  }
  return variable && isInvariant(bound);
}

bool CountedLoop::matchStep() {
  for (Operation *user : variable.getUsers()) {
    if (!loop->isAncestor(user) || isa<memref::LoadOp>(user))
      continue;
    auto store = dyn_cast<memref::StoreOp>(user);
    if (!store || update || store->getBlock() != loop.getAfterBody())
      return false;
    update = store;
  }
  if (!update)
    return false;
  Operation *sum = update.getValueToStore().getDefiningOp();
  if (!isa_and_nonnull<arith::AddIOp, arith::SubIOp>(sum))
    return false;
  Value base = sum->getOperand(0), change = sum->getOperand(1);
  APInt constant;
  if (!matchPattern(change, m_ConstantInt(&constant))) {
    if (isa<arith::SubIOp>(sum))
      return false;
    std::swap(base, change);
    if (!matchPattern(change, m_ConstantInt(&constant)))
      return false;
  }
  auto load = base.getDefiningOp<memref::LoadOp>();
  if (!load || load.getMemRef() != variable ||
      load->getBlock() != loop.getAfterBody())
    return false;
  step = constant.getSExtValue();
  if (isa<arith::SubIOp>(sum))
    step = -step;
  bool isUp = predicate == arith::CmpIPredicate::slt ||
              predicate == arith::CmpIPredicate::sle;
  bool isDown = predicate == arith::CmpIPredicate::sgt ||
                predicate == arith::CmpIPredicate::sge;
  return (isUp && step > 0) || (isDown && step < 0);
}

bool CountedLoop::match() {
  // Nothing else may happen where the condition is computed.
  for (Operation &op : loop.getBeforeBody()->without_terminator())
    if (!isPure(&op) && !isa<memref::LoadOp>(op))
      return false;
  return loop.getNumResults() == 0 && loop.getInits().empty() &&
         !loop->getParentOfType<tile::ParallelOp>() && matchCondition() &&
         matchStep();
}

Value CountedLoop::count(Value first) {
  Type index = builder.getIndexType();
  IRMapping outside;
  auto asIndex = [&](Value value) -> Value {
    return builder.createOrFold<arith::IndexCastOp>(loc, index, value);
  };
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  Value from = asIndex(first), to = asIndex(hoist(bound, outside));
  if (step < 0)
    std::swap(from, to);
  Value distance = builder.createOrFold<arith::SubIOp>(loc, to, from);
  if (predicate == arith::CmpIPredicate::sle ||
      predicate == arith::CmpIPredicate::sge)
    distance = builder.createOrFold<arith::AddIOp>(loc, distance, constant(1));
  distance = builder.createOrFold<arith::MaxSIOp>(loc, distance, constant(0));
  return builder.createOrFold<arith::CeilDivSIOp>(loc, distance,
                                                  constant(std::abs(step)));
}

Value CountedLoop::valueAfter(Value first, Value times) {
  Type type = first.getType();
  Value number = arith::IndexCastOp::create(builder, loc, type, times);
  Value factor = arith::ConstantOp::create(builder, loc,
                                           builder.getIntegerAttr(type, step));
  Value change = arith::MulIOp::create(builder, loc, number, factor);
  return arith::AddIOp::create(builder, loc, first, change);
}

void CountedLoop::run() {
  if (!match())
    return;
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value first = memref::LoadOp::create(builder, loc, variable, zero);
  Value times = count(first);
  auto counted = tile::ForOp::create(builder, loc, zero, times, one,
                                     tile::LoopKind::Serial, 0, "iteration");
  memref::StoreOp::create(builder, loc, valueAfter(first, times), variable,
                          zero);
  Block *body = builder.createBlock(&counted.getBody());
  Value iteration = body->addArgument(builder.getIndexType(), loc);
  Value before = valueAfter(first, iteration);
  Value next = arith::AddIOp::create(builder, loc, iteration, one);
  Value behind = valueAfter(first, next);

  SmallVector<memref::LoadOp> loads;
  loop.getAfter().walk([&](memref::LoadOp load) {
    if (load.getMemRef() == variable)
      loads.push_back(load);
  });
  for (memref::LoadOp load : loads) {
    Operation *place = loop.getAfterBody()->findAncestorOpInBlock(*load);
    load.replaceAllUsesWith(place->isBeforeInBlock(update) ? before : behind);
    load.erase();
  }
  update.erase();
  loop.getAfterBody()->getTerminator()->erase();
  body->getOperations().splice(body->end(),
                               loop.getAfterBody()->getOperations());
  loop.erase();
}

void countWhileLoops(tile::FuncOp func) {
  SmallVector<scf::WhileOp> loops; // inner ones first
  func.walk([&](scf::WhileOp loop) { loops.push_back(loop); });
  for (scf::WhileOp loop : loops)
    CountedLoop(loop).run();
}

} // namespace tilewright
