//===- InsertComputeInitAccumulate.cpp - Switches of packer accumulation --===//
//
// An accumulating section packs on top of what its circular buffer holds in L1.
// Which loops carry its accumulator says when that is the first time:
//
//   * The chain of a section is the loops, innermost first, from the loop whose
//     carried block it updates outwards to where the accumulator starts. If it
//     starts as zero, the first iteration of all of the chain overwrites; if it
//     starts as a block that an earlier section packed, every iteration adds.
//   * Plainly, each section switches the packer before it runs, by a test
//     whether this is the first iteration, and back after it.
//   * Where all sections of a chain share it, no switch is needed before the
//     loops: the innermost loop switches accumulation on at the end of its
//     first iteration, and it goes off after the outermost.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/InsertComputeInit.h"

#include "compiler/Support/Codes/StageD.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace tilewright::metalium;

namespace tilewright {

namespace {
/// How a section accumulates.
struct Chain {
  SmallVector<scf::ForOp> loops; ///< innermost first
  bool fromZero = false;         ///< the first iteration overwrites
  bool operator==(const Chain &other) const = default;
};
} // namespace

/// The chain of the accumulator `previous` of `section`; nothing, with a
/// diagnostic, where the section does not run in every iteration.
static FailureOr<Chain> getChain(tt::SectionOp section, Value previous) {
  Chain chain;
  Operation *inner = section;
  while (auto arg = dyn_cast<BlockArgument>(previous)) {
    auto loop = dyn_cast<scf::ForOp>(arg.getOwner()->getParentOp());
    if (!loop)
      break;
    if (inner->getParentOp() != loop)
      return emitCoded(section, Code::ConditionalAccumulator)
             << "the accumulator is not updated once in every iteration of its "
                "loop";
    chain.loops.push_back(loop);
    inner = loop;
    previous = loop.getTiedLoopInit(arg)->get();
  }
  if (auto fill = previous.getDefiningOp<tt::FillOp>()) {
    chain.fromZero = matchPattern(fill.getValue(), m_AnyZeroFloat()) ||
                     matchPattern(fill.getValue(), m_Zero());
    if (!chain.fromZero)
      return emitCoded(section, Code::AccumulatorStart)
             << "the accumulator starts from a value that was not packed to "
                "its circular buffer";
  }
  return chain;
}

static void switchPacker(OpBuilder &builder, Location loc, bool on) {
  PackReconfigL1AccOp::create(builder, loc, on);
}

/// Compares the induction variable of `loop` with its first value.
static Value compareWithFirst(OpBuilder &builder, Location loc,
                              arith::CmpIPredicate predicate, scf::ForOp loop) {
  return arith::CmpIOp::create(builder, loc, predicate, loop.getInductionVar(),
                               loop.getLowerBound());
}

/// Whether any loop of `chain` is past its first iteration.
static Value isLater(OpBuilder &builder, Location loc, const Chain &chain) {
  Value later;
  for (scf::ForOp loop : chain.loops) {
    Value here = compareWithFirst(builder, loc, arith::CmpIPredicate::ne, loop);
    later = later ? arith::OrIOp::create(builder, loc, later, here) : here;
  }
  return later;
}

/// Around one section. `elide`: the packer is known not to accumulate before.
static void insertPlain(tt::SectionOp section, const Chain &chain, bool elide) {
  if (chain.fromZero && chain.loops.empty())
    return;
  Location loc = section.getLoc();
  OpBuilder builder(section);
  if (chain.fromZero) {
    Value later = isLater(builder, loc, chain);
    auto branch =
        scf::IfOp::create(builder, loc, later, /*withElseRegion=*/!elide);
    OpBuilder then = branch.getThenBodyBuilder();
    switchPacker(then, loc, true);
    if (!elide) {
      OpBuilder otherwise = branch.getElseBodyBuilder();
      switchPacker(otherwise, loc, false);
    }
  } else {
    switchPacker(builder, loc, true);
  }
  builder.setInsertionPointAfter(section);
  switchPacker(builder, loc, false);
}

static bool runsOnce(scf::ForOp loop) {
  auto lower = getConstantIntValue(loop.getLowerBound());
  auto upper = getConstantIntValue(loop.getUpperBound());
  auto step = getConstantIntValue(loop.getStep());
  return lower && upper && step && *lower < *upper && *lower + *step >= *upper;
}

/// One switch a loop, for a chain that all sections of its loops have.
static void insertOnce(tt::SectionOp section, const Chain &chain) {
  Location loc = section.getLoc();
  scf::ForOp outer = chain.loops.back(), inner = chain.loops.front();
  OpBuilder builder(outer);
  if (chain.fromZero) {
    if (llvm::all_of(chain.loops, runsOnce))
      return;
    builder.setInsertionPoint(inner.getBody()->getTerminator());
    Value first =
        compareWithFirst(builder, loc, arith::CmpIPredicate::eq, inner);
    auto branch = scf::IfOp::create(builder, loc, first);
    OpBuilder then = branch.getThenBodyBuilder();
    switchPacker(then, loc, true);
  } else {
    switchPacker(builder, loc, true);
  }
  builder.setInsertionPointAfter(outer);
  switchPacker(builder, loc, false);
}

LogicalResult insertL1Accumulate(KernelOp kernel, bool elide) {
  llvm::MapVector<Operation *, Chain> chains;
  WalkResult walked = kernel.walk([&](tt::SectionOp section) {
    for (Value previous : section.getPrevious()) {
      FailureOr<Chain> chain = getChain(section, previous);
      if (failed(chain))
        return WalkResult::interrupt();
      auto [found, isNew] = chains.insert({section, *chain});
      if (!isNew && !(found->second == *chain)) {
        emitCoded(section, Code::ConditionalAccumulator)
            << "the accumulators of one expression do not start together";
        return WalkResult::interrupt();
      }
    }
    return WalkResult::advance();
  });
  if (walked.wasInterrupted())
    return failure();

  llvm::SmallPtrSet<Operation *, 8> done;
  for (auto &[op, chain] : chains) {
    auto section = cast<tt::SectionOp>(op);
    if (done.contains(section))
      continue;
    SmallVector<Operation *> shared;
    bool all = elide && !chain.loops.empty();
    if (all)
      chain.loops.back().walk([&](tt::SectionOp other) {
        auto found = chains.find(other);
        all &= found != chains.end() && found->second == chain;
        shared.push_back(other);
      });
    if (!all) {
      insertPlain(section, chain, elide);
      continue;
    }
    insertOnce(section, chain);
    done.insert_range(shared);
  }
  return success();
}

} // namespace tilewright
