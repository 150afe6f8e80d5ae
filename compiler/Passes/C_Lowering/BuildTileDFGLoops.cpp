//===- BuildTileDFGLoops.cpp - C3: blocks that loops carry ----------------===//
//
// A loop carries an accumulator when the only thing that happens to the block
// is that gemms add to it, in this loop or in loops inside it.
//
// 1. If a loop carries accumulators only, its body only reads and multiplies,
//    and all accumulators fit DST together, they stay in DST for the whole
//    loop: the loop is left alone and becomes part of a section
//    (BuildTileDFGFuse.cpp).
// 2. Otherwise each chain of gemms becomes a section that the packer adds to
//    L1. An accumulator that starts from zero in the innermost loop that
//    carries it needs no first value; any other is packed to the buffer before
//    the loop.
// 3. A block that changes in another way goes round through a circular buffer
//    of two blocks: the old one in front while the new one is packed.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/C_Lowering/BuildTileDFG.h"

#include "compiler/Support/Diagnostics.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace tilewright {

static bool isZeroFill(Value block) {
  auto fill = block.getDefiningOp<tt::FillOp>();
  return fill && (matchPattern(fill.getValue(), m_AnyZeroFloat()) ||
                  matchPattern(fill.getValue(), m_Zero()));
}

/// What a loop does to the block it carries as `index`: gemms that add to it,
/// in order, or a loop inside that does. Empty when anything else happens.
static SmallVector<Operation *> accumulatorChain(scf::ForOp loop,
                                                 unsigned index) {
  SmallVector<Operation *> chain;
  Value block = loop.getRegionIterArg(index);
  Value yielded = loop.getBody()->getTerminator()->getOperand(index);
  while (block != yielded) {
    if (!block.hasOneUse())
      return {};
    OpOperand &use = *block.use_begin();
    if (auto mma = dyn_cast<tt::MmaOp>(use.getOwner())) {
      if (use.get() != mma.getAcc() || mma.getA() == block ||
          mma.getB() == block || mma->getBlock() != loop.getBody())
        return {};
      chain.push_back(mma);
      block = mma.getResult();
      continue;
    }
    auto inner = dyn_cast<scf::ForOp>(use.getOwner());
    if (!inner || inner->getBlock() != loop.getBody())
      return {};
    unsigned number = use.getOperandNumber() - inner.getNumControlOperands();
    if (accumulatorChain(inner, number).empty())
      return {};
    chain.push_back(inner);
    block = inner.getResult(number);
  }
  if (!block.hasOneUse())
    return {};
  return chain;
}

bool DataflowBuilder::isDstLoop(scf::ForOp loop) {
  int64_t tiles = 0;
  tt::BlockType shape;
  for (unsigned i = 0; i < loop.getNumRegionIterArgs(); ++i) {
    auto type = dyn_cast<tt::BlockType>(loop.getRegionIterArg(i).getType());
    if (!type)
      return false;
    if (shape && (shape.getRows() != type.getRows() ||
                  shape.getCols() != type.getCols()))
      return false;
    shape = type;
    tiles += type.getNumTiles();
    SmallVector<Operation *> chain = accumulatorChain(loop, i);
    if (chain.empty() || !isZeroFill(loop.getInitArgs()[i]) ||
        llvm::any_of(chain, [](Operation *op) { return !isa<tt::MmaOp>(op); }))
      return false;
  }
  if (tiles == 0 || tiles > dstTiles)
    return false;
  return llvm::all_of(loop.getBody()->without_terminator(), [](Operation &op) {
    auto isRead = [](Operation *def) {
      return isa_and_nonnull<tt::ReadToCBOp, tt::GatherToCBOp>(def);
    };
    if (auto mma = dyn_cast<tt::MmaOp>(op))
      return isRead(mma.getA().getDefiningOp()) &&
             isRead(mma.getB().getDefiningOp());
    return isRead(&op) || (!isTileOp(&op) && op.getNumRegions() == 0);
  });
}

/// Why the accumulators of a loop of gemms are not in DST.
tt::SpillReason DataflowBuilder::whyNotInDst(scf::ForOp loop) const {
  int64_t tiles = 0;
  for (BlockArgument arg : loop.getRegionIterArgs())
    if (auto type = dyn_cast<tt::BlockType>(arg.getType()))
      tiles += type.getNumTiles();
  return tiles > dstTiles ? tt::SpillReason::Accumulator
                          : tt::SpillReason::AccumulatorLoop;
}

/// A section that packs `init` into `cb`.
Value DataflowBuilder::packInit(OpBuilder &builder, Value init, Value cb) {
  auto type = cast<tt::BlockType>(init.getType());
  auto section = tt::SectionOp::create(
      builder, init.getLoc(), TypeRange{type}, ValueRange{}, ValueRange{cb},
      chooseSubblock(builder.getContext(), type.getRows(), type.getCols(), 1,
                     dstTiles, /*matmul=*/false));
  OpBuilder::InsertionGuard guard(builder);
  builder.createBlock(&section.getBody());
  Value value = init;
  if (auto fill = init.getDefiningOp<tt::FillOp>())
    value = builder.clone(*fill)->getResult(0);
  else
    value = tt::CastOp::create(builder, init.getLoc(), type, init);
  tt::YieldOp::create(builder, init.getLoc(), ValueRange{value});
  return section.getResult(0);
}

/// Wraps the gemms of a chain in sections that accumulate into `cb`.
static void accumulateInL1(scf::ForOp loop, unsigned index, Value cb,
                           int64_t dstTiles) {
  SmallVector<Operation *> chain = accumulatorChain(loop, index);
  Value previous = loop.getRegionIterArg(index);
  for (unsigned i = 0; i < chain.size(); ++i) {
    if (auto inner = dyn_cast<scf::ForOp>(chain[i])) {
      unsigned number = 0;
      while (inner.getInitArgs()[number] != previous)
        ++number;
      accumulateInL1(inner, number, cb, dstTiles);
      previous = inner.getResult(number);
      continue;
    }
    // Gemms that follow each other add up in DST first.
    unsigned end = i;
    while (end + 1 < chain.size() && isa<tt::MmaOp>(chain[end + 1]))
      ++end;
    auto last = cast<tt::MmaOp>(chain[end]);
    tt::BlockType type = last.getResult().getType();
    OpBuilder builder(last);
    auto section = tt::SectionOp::create(
        builder, last.getLoc(), TypeRange{type}, ValueRange{previous},
        ValueRange{cb},
        chooseSubblock(builder.getContext(), type.getRows(), type.getCols(), 1,
                       dstTiles, /*matmul=*/true));
    Block *body = builder.createBlock(&section.getBody());
    last.getResult().replaceAllUsesWith(section.getResult(0));
    for (unsigned j = i; j <= end; ++j)
      chain[j]->moveBefore(body, body->end());
    builder.setInsertionPointToEnd(body);
    tt::YieldOp::create(builder, last.getLoc(), ValueRange{last.getResult()});
    previous = section.getResult(0);
    i = end;
  }
}

/// A location that names the buffer which a carried block was.
static Location nameOfCarried(scf::ForOp loop, unsigned index) {
  for (Value value :
       {Value(loop.getRegionIterArg(index)), loop.getInitArgs()[index],
        loop.getYieldedValues()[index]})
    if (!getSourceName(value.getLoc()).empty())
      return value.getLoc();
  return loop.getLoc();
}

LogicalResult DataflowBuilder::lowerAccumulator(scf::ForOp loop,
                                                unsigned index) {
  Value init = loop.getInitArgs()[index];
  auto type = cast<tt::BlockType>(init.getType());
  Value cb = createCB(nameOfCarried(loop, index), type, /*depth=*/1,
                      makeSpill(whyNotInDst(loop), loop));
  SmallVector<Operation *> chain = accumulatorChain(loop, index);
  bool direct =
      llvm::all_of(chain, [](Operation *op) { return isa<tt::MmaOp>(op); });
  if (!isZeroFill(init) || !direct) {
    OpBuilder builder(loop);
    loop.getInitArgsMutable()[index].set(packInit(builder, init, cb));
  }
  accumulateInL1(loop, index, cb, dstTiles);
  return success();
}

LogicalResult DataflowBuilder::lowerCarried(scf::ForOp loop, unsigned index) {
  Value init = loop.getInitArgs()[index];
  auto type = cast<tt::BlockType>(init.getType());
  Value yielded = loop.getBody()->getTerminator()->getOperand(index);
  Value cb = createCB(nameOfCarried(loop, index), type, /*depth=*/2,
                      makeSpill(tt::SpillReason::LoopCarried, loop));
  OpBuilder builder(loop);
  loop.getInitArgsMutable()[index].set(packInit(builder, init, cb));
  // What is yielded must be made in the loop, for this buffer alone.
  Operation *def = yielded.getDefiningOp();
  if (!def || !isTileOp(def) || def->getBlock() != loop.getBody() ||
      carriedCBs.contains(yielded)) {
    builder.setInsertionPoint(loop.getBody()->getTerminator());
    Value copy = tt::CastOp::create(builder, loop.getLoc(), type, yielded);
    loop.getBody()->getTerminator()->setOperand(index, copy);
    yielded = copy;
  }
  carriedCBs[yielded] = cb;
  return success();
}

LogicalResult DataflowBuilder::lowerLoop(scf::ForOp loop) {
  if (isDstLoop(loop))
    return success();
  for (unsigned i = 0; i < loop.getNumRegionIterArgs(); ++i) {
    Value init = loop.getInitArgs()[i];
    if (!isa<tt::BlockType>(init.getType()))
      continue;
    // A loop inside an accumulating loop was done with the outer one.
    if (auto arg = dyn_cast<BlockArgument>(loop.getRegionIterArg(i)))
      if (llvm::any_of(arg.getUsers(), [&](Operation *user) {
            auto section = dyn_cast<tt::SectionOp>(user);
            return section && llvm::is_contained(section.getPrevious(), arg);
          }))
        continue;
    LogicalResult done = accumulatorChain(loop, i).empty()
                             ? lowerCarried(loop, i)
                             : lowerAccumulator(loop, i);
    if (failed(done))
      return failure();
  }
  return success();
}

LogicalResult DataflowBuilder::lowerLoops() {
  SmallVector<scf::ForOp> loops;
  program.walk<WalkOrder::PreOrder>(
      [&](scf::ForOp loop) { loops.push_back(loop); });
  for (scf::ForOp loop : loops)
    if (failed(lowerLoop(loop)))
      return failure();
  return success();
}

} // namespace tilewright
