//===- BlockRanges.cpp - Index arithmetic of one block --------------------===//

#include "compiler/Passes/B_Partitioning/BlockRanges.h"

#include "compiler/Analysis/IndexArithmetic.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

#include <algorithm>

using namespace mlir;
using namespace tilewright;

BlockRanges::BlockRanges(tile::LaunchOp launch, ArrayRef<int64_t> extents,
                         int64_t block) {
  for (auto [id, extent] :
       llvm::zip(launch.getBody().getArguments(), extents)) {
    fixed[id] = block % extent;
    block /= extent;
  }
}

BlockRanges::Range BlockRanges::of(Value value) {
  if (auto found = fixed.find(value); found != fixed.end())
    return Interval{found->second, found->second};
  if (auto found = known.find(value); found != known.end())
    return found->second;
  Range range = compute(value);
  known[value] = range;
  return range;
}

std::optional<int64_t> BlockRanges::numberOf(Value value) {
  Range range = of(value);
  if (!range || range->min != range->max)
    return std::nullopt;
  return range->min;
}

void BlockRanges::fix(Value value, int64_t number) {
  fixed[value] = number;
  known.clear();
}

BlockRanges::Range BlockRanges::computeArgument(BlockArgument argument) {
  Operation *parent = argument.getOwner()->getParentOp();
  if (auto loop = dyn_cast<tile::ForOp>(parent)) {
    Range lower = of(loop.getLower()), upper = of(loop.getUpper());
    if (lower && upper && of(loop.getStep()) && of(loop.getStep())->min > 0)
      return Interval{lower->min, std::max(lower->min, upper->max - 1)};
  } else if (auto loop = dyn_cast<tile::ParallelOp>(parent)) {
    return Interval{0, loop.getExtents()[argument.getArgNumber()] - 1};
  }
  return std::nullopt;
}

BlockRanges::Range BlockRanges::compute(Value value) {
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return Interval{constant.getSExtValue(), constant.getSExtValue()};
  if (auto argument = dyn_cast<BlockArgument>(value))
    return computeArgument(argument);
  Operation *op = value.getDefiningOp();
  if (isIndexCast(op) && !isa<arith::TruncIOp>(op))
    return of(op->getOperand(0));
  std::optional<IndexOperation> operation = getIndexOperation(op);
  if (!operation)
    return std::nullopt;
  Range a = of(op->getOperand(0)), b = of(op->getOperand(1));
  if (!a || !b)
    return std::nullopt;
  switch (*operation) {
  case IndexOperation::Add:
    return Interval{a->min + b->min, a->max + b->max};
  case IndexOperation::Sub:
    return Interval{a->min - b->max, a->max - b->min};
  case IndexOperation::Mul: {
    auto [low, high] = std::minmax(
        {a->min * b->min, a->min * b->max, a->max * b->min, a->max * b->max});
    return Interval{low, high};
  }
  case IndexOperation::Min:
    return Interval{std::min(a->min, b->min), std::min(a->max, b->max)};
  case IndexOperation::Max:
    return Interval{std::max(a->min, b->min), std::max(a->max, b->max)};
  case IndexOperation::Div:
  case IndexOperation::CeilDiv:
  case IndexOperation::Rem:
    break;
  }
  if (a->min < 0 || b->min < 1 || b->min != b->max)
    return std::nullopt;
  int64_t by = b->min;
  if (*operation == IndexOperation::Div)
    return Interval{a->min / by, a->max / by};
  if (*operation == IndexOperation::CeilDiv)
    return Interval{(a->min + by - 1) / by, (a->max + by - 1) / by};
  return a->min / by == a->max / by ? Interval{a->min % by, a->max % by}
                                    : Interval{0, by - 1};
}
