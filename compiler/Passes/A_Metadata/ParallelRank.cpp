//===- ParallelRank.cpp - Parallel loops of more than two indices ---------===//
//
// A block is a matrix, so two indices of a parallel loop run over its elements.
// Iterations are independent, so any other index may be a serial loop around:
// the first one that does not stand in the last two dimensions of what the body
// stores, else the first.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/ParallelRank.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

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

void peelParallelLoops(tile::FuncOp func) {
  SmallVector<tile::ParallelOp> loops;
  func.walk([&](tile::ParallelOp loop) { loops.push_back(loop); });
  for (tile::ParallelOp loop : loops)
    while (std::optional<unsigned> index = findOuter(loop))
      loop = peel(loop, *index);
}

} // namespace tilewright
