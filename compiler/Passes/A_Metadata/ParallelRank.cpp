//===- ParallelRank.cpp - Indices of parallel loops -----------------------===//
//
// A block is a matrix, so two indices of a parallel loop run over its elements.
// Iterations are independent, so any other index may be a serial loop around:
// the first one that does not stand in the last two dimensions of what the body
// stores, else the first.
//
// The other way round, a serial loop around a parallel one of one index is its
// other index where each iteration works on elements of its own: what is stored
// has the serial index as one of its indices, and is read there only.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/ParallelRank.h"

#include "compiler/Analysis/IndexExpr.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace tilewright {

/// Whether `index` depends on `argument`, inside its loop.
static bool dependsOn(Value index, BlockArgument argument) {
  if (index == argument)
    return true;
  Operation *op = index.getDefiningOp();
  return op && op->getBlock() == argument.getOwner() &&
         llvm::any_of(op->getOperands(), [&](Value operand) {
           return dependsOn(operand, argument);
         });
}

/// The index to take out; nothing where at most two run.
static std::optional<unsigned> findOuter(tile::ParallelOp loop) {
  SmallVector<unsigned> running;
  for (auto [index, extent] : llvm::enumerate(loop.getExtents()))
    if (extent != 1)
      running.push_back(index);
  if (running.size() <= 2)
    return std::nullopt;
  auto isInPlane = [&](unsigned index) {
    BlockArgument argument = loop.getBody().getArgument(index);
    return loop
        .walk([&](memref::StoreOp store) {
          for (Value at : store.getIndices().take_back(2))
            if (dependsOn(at, argument))
              return WalkResult::interrupt();
          return WalkResult::advance();
        })
        .wasInterrupted();
  };
  for (unsigned index : running)
    if (!isInPlane(index))
      return index;
  return running.front();
}

static tile::ParallelOp peel(tile::ParallelOp loop, unsigned index) {
  OpBuilder builder(loop);
  Location loc = loop.getLoc();
  auto name = cast<StringAttr>(loop.getNames()[index]);
  SmallVector<int64_t> extents(loop.getExtents());
  SmallVector<Attribute> names(loop.getNames().begin(), loop.getNames().end());
  auto outer = tile::ForOp::create(
      builder, loc, arith::ConstantIndexOp::create(builder, loc, 0),
      arith::ConstantIndexOp::create(builder, loc, extents[index]),
      arith::ConstantIndexOp::create(builder, loc, 1), tile::LoopKind::Serial,
      0, name.getValue());
  BlockArgument argument = loop.getBody().getArgument(index);
  Block *body = builder.createBlock(&outer.getBody());
  argument.replaceAllUsesWith(
      body->addArgument(builder.getIndexType(), argument.getLoc()));
  extents.erase(extents.begin() + index);
  names.erase(names.begin() + index);
  OperationState state(loc, tile::ParallelOp::getOperationName());
  state.addAttribute("extents", builder.getDenseI64ArrayAttr(extents));
  state.addAttribute("names", builder.getArrayAttr(names));
  state.addRegion();
  auto inner = cast<tile::ParallelOp>(builder.create(state));
  loop.getBody().front().eraseArgument(index);
  inner.getBody().takeBody(loop.getBody());
  loop.erase();
  return inner;
}

/// The dimension of the access that the index `variable` is, alone; nothing
/// where the access has it in another way, or not at all.
static std::optional<unsigned> findDim(ValueRange indices, Value variable) {
  std::optional<unsigned> found;
  for (auto [dim, index] : llvm::enumerate(indices)) {
    IndexExpr expr = IndexExpr::of(index);
    if (!expr.dependsOn(variable))
      continue;
    if (found || expr.getCoefficient(variable) != 1 ||
        expr.without(variable).dependsOn(variable))
      return std::nullopt;
    found = dim;
  }
  return found;
}

/// The parallel loop that `loop` consists of, where its iterations may run in
/// any order.
static tile::ParallelOp findIndependent(tile::ForOp loop) {
  tile::ParallelOp parallel;
  for (Operation &op : loop.getBody().front()) {
    if (isa<tile::ParallelOp>(op) && !parallel)
      parallel = cast<tile::ParallelOp>(op);
    else if (!isPure(&op))
      return {};
  }
  if (!parallel || parallel.getExtents().size() != 1 || parallel->getNextNode())
    return {};
  Value variable = loop.getInductionVar();
  llvm::DenseMap<Value, IndexExpr> places;
  bool independent = true;
  parallel.walk([&](memref::StoreOp store) {
    std::optional<unsigned> dim = findDim(store.getIndices(), variable);
    if (!dim) {
      independent = false;
      return;
    }
    IndexExpr place = IndexExpr::of(store.getIndices()[*dim]);
    auto [entry, isNew] = places.try_emplace(store.getMemRef(), place);
    independent &= isNew || entry->second == place;
  });
  parallel.walk([&](Operation *op) {
    if (auto load = dyn_cast<memref::LoadOp>(op)) {
      auto stored = places.find(load.getMemRef());
      std::optional<unsigned> dim = findDim(load.getIndices(), variable);
      independent &=
          stored == places.end() ||
          (dim && IndexExpr::of(load.getIndices()[*dim]) == stored->second);
    } else if (!isa<memref::StoreOp, scf::IfOp, scf::YieldOp>(op) &&
               op != parallel) {
      independent &= isPure(op);
    }
  });
  return independent && !places.empty() ? parallel : tile::ParallelOp();
}

void widenParallelLoops(tile::FuncOp func) {
  SmallVector<tile::ForOp> loops;
  func.walk([&](tile::ForOp loop) { loops.push_back(loop); });
  for (tile::ForOp loop : loops) {
    std::optional<int64_t> upper = getConstantIntValue(loop.getUpper());
    if (loop.getKind() == tile::LoopKind::Pipelined || !upper ||
        getConstantIntValue(loop.getLower()) != 0 ||
        getConstantIntValue(loop.getStep()) != 1 || *upper < 2)
      continue;
    tile::ParallelOp inner = findIndependent(loop);
    if (!inner)
      continue;
    OpBuilder builder(loop);
    Location loc = inner.getLoc();
    OperationState state(loc, tile::ParallelOp::getOperationName());
    state.addAttribute("extents", builder.getDenseI64ArrayAttr(
                                      {*upper, inner.getExtents()[0]}));
    state.addAttribute(
        "names", builder.getArrayAttr({builder.getStringAttr(loop.getName()),
                                       inner.getNames()[0]}));
    state.addRegion();
    auto wide = cast<tile::ParallelOp>(builder.create(state));
    wide.getBody().takeBody(inner.getBody());
    Block &body = wide.getBody().front();
    BlockArgument row = body.insertArgument(0u, builder.getIndexType(),
                                            loop.getInductionVar().getLoc());
    loop.getInductionVar().replaceAllUsesWith(row);
    inner.erase();
    for (Operation &op :
         llvm::make_early_inc_range(llvm::reverse(loop.getBody().front())))
      op.moveBefore(&body, body.begin());
    loop.erase();
  }
}

void peelParallelLoops(tile::FuncOp func) {
  SmallVector<tile::ParallelOp> loops;
  func.walk([&](tile::ParallelOp loop) { loops.push_back(loop); });
  for (tile::ParallelOp loop : loops)
    while (std::optional<unsigned> index = findOuter(loop))
      loop = peel(loop, *index);
}

} // namespace tilewright
