//===- BufferLiveness.cpp - Which buffers a loop carries ------------------===//

#include "compiler/Passes/C_Lowering/BufferLiveness.h"

#include "compiler/Analysis/IndexExpr.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace tilewright {

namespace {
enum class FirstAccess { None, Read, Write };
} // namespace

static FirstAccess firstAccess(Value buffer, Block &block,
                               Block::iterator begin, Block::iterator end);

/// What one operation does to `buffer` first.
static FirstAccess firstAccess(Value buffer, Operation &op) {
  auto readOrWrite = [&](bool reads, bool writes) {
    return reads    ? FirstAccess::Read
           : writes ? FirstAccess::Write
                    : FirstAccess::None;
  };
  if (auto copy = dyn_cast<tile::CopyOp>(op))
    return readOrWrite(copy.getSource() == buffer, copy.getTarget() == buffer);
  if (auto fill = dyn_cast<tile::FillOp>(op))
    return readOrWrite(false, fill.getBuffer() == buffer);
  if (auto gemm = dyn_cast<tile::GemmOp>(op)) {
    bool reads = gemm.getA() == buffer || gemm.getB() == buffer ||
                 (gemm.getC() == buffer && !gemm.getClearAccum());
    return readOrWrite(reads, gemm.getC() == buffer);
  }
  if (auto reduce = dyn_cast<tile::ReduceOp>(op)) {
    bool writes = reduce.getTarget() == buffer;
    return readOrWrite(
        reduce.getSource() == buffer || (writes && !reduce.getClear()), writes);
  }
  if (auto sums = dyn_cast<tile::CumsumOp>(op))
    return readOrWrite(sums.getSource() == buffer, sums.getTarget() == buffer);
  if (auto load = dyn_cast<memref::LoadOp>(op))
    return readOrWrite(load.getMemRef() == buffer, false);
  if (auto store = dyn_cast<memref::StoreOp>(op)) {
    // An update leaves what was there beside it.
    auto loop = store->getParentOfType<tile::ParallelOp>();
    bool isPart = loop && loop.getUpdates();
    return readOrWrite(isPart && store.getMemRef() == buffer,
                       store.getMemRef() == buffer);
  }
  // Both arms of a condition: a write in one only leaves what was there.
  if (auto branch = dyn_cast<scf::IfOp>(op)) {
    auto inArm = [&](Block *arm) {
      return arm ? firstAccess(buffer, *arm, arm->begin(), arm->end())
                 : FirstAccess::None;
    };
    FirstAccess then = inArm(branch.thenBlock());
    FirstAccess otherwise = inArm(branch.elseBlock());
    if (then == FirstAccess::Read || otherwise == FirstAccess::Read)
      return FirstAccess::Read;
    if (then == otherwise)
      return then;
    // In a parallel loop some elements are written and the others kept.
    return branch->getParentOfType<tile::ParallelOp>() ? FirstAccess::Read
                                                       : FirstAccess::None;
  }
  if (op.getNumRegions() == 0)
    return readOrWrite(llvm::is_contained(op.getOperands(), buffer), false);
  for (Region &region : op.getRegions())
    for (Block &block : region) {
      FirstAccess access =
          firstAccess(buffer, block, block.begin(), block.end());
      if (access == FirstAccess::None)
        continue;
      // A write in a loop that may not run leaves what was there.
      auto loop = dyn_cast<tile::ForOp>(op);
      if (access == FirstAccess::Write && loop &&
          !runsAtLeastOnce(loop.getLower(), loop.getUpper()))
        continue;
      return access;
    }
  return FirstAccess::None;
}

static FirstAccess firstAccess(Value buffer, Block &block,
                               Block::iterator begin, Block::iterator end) {
  for (Operation &op : llvm::make_range(begin, end))
    if (FirstAccess access = firstAccess(buffer, op);
        access != FirstAccess::None)
      return access;
  return FirstAccess::None;
}

bool runsAtLeastOnce(Value lower, Value upper) {
  std::optional<int64_t> trips =
      (IndexExpr::of(upper) - IndexExpr::of(lower)).getConstant();
  return trips && *trips > 0;
}

bool runsNever(Value lower, Value upper) {
  std::optional<int64_t> trips =
      (IndexExpr::of(upper) - IndexExpr::of(lower)).getConstant();
  return trips && *trips <= 0;
}

SmallVector<Value> getBuffersWritten(Operation *loop) {
  llvm::SetVector<Value> buffers;
  loop->walk([&](Operation *op) {
    Value target;
    if (auto copy = dyn_cast<tile::CopyOp>(op))
      target = copy.getTarget();
    else if (auto fill = dyn_cast<tile::FillOp>(op))
      target = fill.getBuffer();
    else if (auto gemm = dyn_cast<tile::GemmOp>(op))
      target = gemm.getC();
    else if (auto reduce = dyn_cast<tile::ReduceOp>(op))
      target = reduce.getTarget();
    else if (auto sums = dyn_cast<tile::CumsumOp>(op))
      target = sums.getTarget();
    else if (auto store = dyn_cast<memref::StoreOp>(op))
      target = store.getMemRef();
    else
      return;
    Operation *alloc = target.getDefiningOp<tile::AllocOp>();
    if (alloc && !loop->isProperAncestor(alloc))
      buffers.insert(target);
  });
  return buffers.takeVector();
}

bool isOverwritten(Value buffer, Block &block) {
  return firstAccess(buffer, block, block.begin(), block.end()) ==
         FirstAccess::Write;
}

bool isExposed(Value buffer, tile::ForOp loop) {
  Block &body = loop.getBody().front();
  return firstAccess(buffer, body, body.begin(), body.end()) ==
         FirstAccess::Read;
}

bool isLiveAfter(Value buffer, tile::ForOp loop) {
  Operation *op = loop;
  Block *home = buffer.getParentBlock();
  while (true) {
    Block *block = op->getBlock();
    FirstAccess access =
        firstAccess(buffer, *block, std::next(op->getIterator()), block->end());
    if (access != FirstAccess::None)
      return access == FirstAccess::Read;
    if (block == home)
      return false;
    op = block->getParentOp();
    // The next iteration of the loop around comes first.
    if (isa<tile::ForOp, scf::ForOp>(op)) {
      access = firstAccess(buffer, *block, block->begin(), block->end());
      if (access == FirstAccess::Read)
        return true;
    }
  }
}

} // namespace tilewright
