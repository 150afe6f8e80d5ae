//===- IndexRange.cpp - Bounds of index values ----------------------------===//

#include "compiler/Analysis/IndexRange.h"

#include "compiler/Dialect/Metalium/Metalium.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;
using namespace tilewright;

using Bounds = std::optional<IndexRange>;

/// Values beyond this are taken as unknown, so that no sum or product of two
/// known values overflows.
static constexpr int64_t kLimit = int64_t{1} << 31;

static Bounds bounded(int64_t min, int64_t max) {
  if (min < -kLimit || max > kLimit || min > max)
    return std::nullopt;
  return IndexRange{min, max};
}

static Bounds product(IndexRange a, IndexRange b) {
  int64_t corners[] = {a.min * b.min, a.min * b.max, a.max * b.min,
                       a.max * b.max};
  return bounded(*std::min_element(std::begin(corners), std::end(corners)),
                 *std::max_element(std::begin(corners), std::end(corners)));
}

/// Operations on values that are not negative, by a divisor that is positive:
/// there signed, unsigned and floor division agree.
static Bounds quotient(IndexRange a, IndexRange b) {
  if (a.min < 0 || b.min < 1)
    return std::nullopt;
  return bounded(a.min / b.max, a.max / b.min);
}

static Bounds quotientUp(IndexRange a, IndexRange b) {
  if (a.min < 0 || b.min < 1)
    return std::nullopt;
  return bounded(llvm::divideCeil(a.min, b.max),
                 llvm::divideCeil(a.max, b.min));
}

static Bounds residue(IndexRange a, IndexRange b) {
  if (a.min < 0 || b.min < 1)
    return std::nullopt;
  if (b.min == b.max && a.min / b.min == a.max / b.min)
    return bounded(a.min % b.min, a.max % b.min);
  return bounded(0, std::min(a.max, b.max - 1));
}

/// The numbers of the work items of a launch.
static Bounds lastItem(tt::WorkAttr work) {
  if (work.isDynamic())
    return bounded(0, tt::kMaxItems - 1);
  int64_t items = 1;
  for (int64_t extent : work.getLaunchGrid())
    items *= extent;
  return bounded(0, items - 1);
}

static Bounds workItems(metalium::ArgOp arg) {
  auto program = arg->getParentOfType<metalium::ProgramOp>();
  if (arg.getKind() != metalium::ArgKind::WorkStart || !program ||
      !program.getWork())
    return std::nullopt;
  return lastItem(*program.getWork());
}

/// The row-major number of a block of the launch.
static Bounds launchBlock(Operation *item) {
  auto program = item->getParentOfType<metalium::ProgramOp>();
  if (!program || !program.getWork())
    return std::nullopt;
  return lastItem(*program.getWork());
}

/// An argument that holds a size.
static Bounds sizeArgument(metalium::ArgOp arg) {
  return arg.getKind() == metalium::ArgKind::Size ? bounded(1, tt::kMaxSize)
                                                  : std::nullopt;
}

static Bounds loopCounter(scf::ForOp loop) {
  Value lower = loop.getLowerBound(), upper = loop.getUpperBound();
  // The loop over work items: `start` is known, and `start + count` is at most
  // the number of items because every item is covered once.
  auto sum = upper.getDefiningOp<arith::AddIOp>();
  if (auto program = dyn_cast<tt::CoreProgramOp>(loop->getParentOp());
      program && sum && lower == program.getStart())
    return lastItem(program.getWork());
  auto start = lower.getDefiningOp<metalium::ArgOp>();
  if (sum && start && (sum.getLhs() == lower || sum.getRhs() == lower))
    return workItems(start);
  Bounds first = getIndexRange(lower), end = getIndexRange(upper);
  Bounds step = getIndexRange(loop.getStep());
  if (!first || !end || !step || step->min < 1)
    return std::nullopt;
  int64_t last = end->max - 1;
  if (first->min == first->max && step->min == step->max)
    last -= (last - first->min) % step->min;
  return bounded(first->min, std::max(first->min, last));
}

template <typename OpTy, typename Fn> static auto onOperands(Fn combine) {
  return [combine](OpTy op) -> Bounds {
    Bounds a = getIndexRange(op->getOperand(0));
    Bounds b = getIndexRange(op->getOperand(1));
    if (!a || !b)
      return std::nullopt;
    return combine(*a, *b);
  };
}

std::optional<IndexRange> tilewright::getIndexRange(Value value) {
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return bounded(constant.getSExtValue(), constant.getSExtValue());
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp());
    if (loop && argument == loop.getInductionVar())
      return loopCounter(loop);
    return std::nullopt;
  }
  auto min = [](IndexRange a, IndexRange b) {
    return bounded(std::min(a.min, b.min), std::min(a.max, b.max));
  };
  auto max = [](IndexRange a, IndexRange b) {
    return bounded(std::max(a.min, b.min), std::max(a.max, b.max));
  };
  return llvm::TypeSwitch<Operation *, Bounds>(value.getDefiningOp())
      .Case(onOperands<arith::AddIOp>([](IndexRange a, IndexRange b) {
        return bounded(a.min + b.min, a.max + b.max);
      }))
      .Case(onOperands<arith::SubIOp>([](IndexRange a, IndexRange b) {
        return bounded(a.min - b.max, a.max - b.min);
      }))
      .Case(onOperands<arith::MulIOp>(product))
      .Case(onOperands<arith::DivUIOp>(quotient))
      .Case(onOperands<arith::DivSIOp>(quotient))
      .Case(onOperands<arith::FloorDivSIOp>(quotient))
      .Case(onOperands<arith::CeilDivUIOp>(quotientUp))
      .Case(onOperands<arith::CeilDivSIOp>(quotientUp))
      .Case(onOperands<arith::RemUIOp>(residue))
      .Case(onOperands<arith::RemSIOp>(residue))
      .Case(onOperands<arith::MinSIOp>(min))
      .Case(onOperands<arith::MinUIOp>([&](IndexRange a, IndexRange b) {
        return a.min < 0 || b.min < 0 ? Bounds() : min(a, b);
      }))
      .Case(onOperands<arith::MaxSIOp>(max))
      .Case(onOperands<arith::MaxUIOp>([&](IndexRange a, IndexRange b) {
        return a.min < 0 || b.min < 0 ? Bounds() : max(a, b);
      }))
      .Case([](arith::IndexCastOp cast) { return getIndexRange(cast.getIn()); })
      .Case([](metalium::WorkItemOp item) { return launchBlock(item); })
      .Case([](metalium::WorkTableItemOp item) { return launchBlock(item); })
      .Case(onOperands<arith::AndIOp>([](IndexRange a, IndexRange b) {
        return a.min < 0 || b.min < 0 ? Bounds()
                                      : bounded(0, std::min(a.max, b.max));
      }))
      .Case(onOperands<arith::OrIOp>([](IndexRange a, IndexRange b) {
        return a.min < 0 || b.min < 0
                   ? Bounds()
                   : bounded(0, llvm::NextPowerOf2(std::max(a.max, b.max)) - 1);
      }))
      .Case(onOperands<arith::ShRUIOp>([](IndexRange a, IndexRange b) {
        return a.min < 0 || b.min < 0 || b.max > 62
                   ? Bounds()
                   : bounded(a.min >> b.max, a.max >> b.min);
      }))
      .Case([](tt::SizeOp) { return bounded(1, tt::kMaxSize); })
      .Case([](metalium::ArgOp arg) { return sizeArgument(arg); })
      .Case([](metalium::CommonArgOp arg) {
        return arg.getSizeName() ? bounded(1, tt::kMaxSize) : std::nullopt;
      })
      .Case([](arith::IndexCastUIOp cast) {
        return cast.getIn().getType().isInteger(1)
                   ? bounded(0, 1)
                   : getIndexRange(cast.getIn());
      })
      .Case([](arith::SelectOp select) -> Bounds {
        Bounds a = getIndexRange(select.getTrueValue());
        Bounds b = getIndexRange(select.getFalseValue());
        if (!a || !b)
          return std::nullopt;
        return bounded(std::min(a->min, b->min), std::max(a->max, b->max));
      })
      .Default([](Operation *) { return std::nullopt; });
}
