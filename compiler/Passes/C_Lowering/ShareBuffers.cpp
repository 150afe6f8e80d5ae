//===- ShareBuffers.cpp - Blocks that use one circular buffer -------------===//
//
// Terms. The *span* of a circular buffer are the operations that put blocks
// into it or use them, also where loops carry them.
//
// Two buffers can be one if
//
//   1. they have blocks of the same format and pages, the same kernels at their
//      ends, and the same precision: fp32 goes either to DST or to SrcA and
//      SrcB, and the unpacker is set up for a buffer;
//   2. in the innermost block around both spans, one span ends before the other
//      begins. Each kernel runs through the program in its order, so at both
//      ends of the buffer the blocks follow each other in the same order, and
//      there is never more than one in use.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/C_Lowering/ShareBuffers.h"

#include "compiler/Passes/C_Lowering/BuildTileDFG.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace tilewright {

namespace {

enum class End { Reader, Writer, Compute };

/// What circular buffers must agree in, and where one is used.
struct Buffer {
  tt::AllocCBOp alloc;
  tt::CBAttr geometry;
  std::optional<End> producer;
  End consumer = End::Compute;
  bool isRounded = false;
  bool isShareable = true;
  llvm::SetVector<Operation *> span;

  bool isOfCompute() const {
    return producer == End::Compute && consumer == End::Compute;
  }
  bool isLike(const Buffer &other) const {
    return isShareable && other.isShareable &&
           geometry.getFormat() == other.geometry.getFormat() &&
           geometry.getBlockPages() == other.geometry.getBlockPages() &&
           producer == other.producer && consumer == other.consumer &&
           (isRounded == other.isRounded ||
            geometry.getFormat() != tt::DataFormat::Float32);
  }
};

/// Adds the uses of `block`, through the loops that carry it.
void follow(Value block, Buffer &buffer, llvm::DenseSet<Value> &seen) {
  if (!seen.insert(block).second)
    return;
  for (OpOperand &use : block.getUses()) {
    Operation *user = use.getOwner();
    buffer.span.insert(user);
    buffer.isRounded |= isRoundedToTf32(use);
    if (auto loop = dyn_cast<scf::ForOp>(user)) {
      if (BlockArgument argument = loop.getTiedLoopRegionIterArg(&use)) {
        follow(argument, buffer, seen);
        follow(loop.getTiedLoopResult(&use), buffer, seen);
      }
    } else if (isa<scf::YieldOp>(user)) {
      if (auto loop = dyn_cast<scf::ForOp>(user->getParentOp())) {
        buffer.span.insert(loop);
        follow(loop.getRegionIterArg(use.getOperandNumber()), buffer, seen);
        follow(loop.getResult(use.getOperandNumber()), buffer, seen);
      }
    }
  }
}

Buffer describe(tt::AllocCBOp alloc) {
  Buffer buffer;
  buffer.alloc = alloc;
  buffer.geometry = alloc.getCb().getType().getGeometry();
  llvm::DenseSet<Value> seen;
  auto produce = [&](End end, Value block) {
    buffer.isShareable &= buffer.producer.value_or(end) == end;
    buffer.producer = end;
    follow(block, buffer, seen);
  };
  for (OpOperand &use : alloc.getCb().getUses()) {
    Operation *user = use.getOwner();
    buffer.span.insert(user);
    if (auto section = dyn_cast<tt::SectionOp>(user)) {
      for (auto [out, result] :
           llvm::zip(section.getOuts(), section.getResults()))
        if (out == alloc.getCb())
          produce(End::Compute, result);
      // What is accumulated onto stays in use until the sum is complete.
      buffer.isShareable &= section.getPrevious().empty();
    } else if (auto read = dyn_cast<tt::ReadToCBOp>(user);
               read && read.getCb() == use.get()) {
      produce(read.getOrdered() ? End::Writer : End::Reader, read.getBlock());
    } else if (auto gather = dyn_cast<tt::GatherToCBOp>(user);
               gather && gather.getCb() == use.get()) {
      produce(End::Reader, gather.getBlock());
    } else if (auto ramp = dyn_cast<tt::RampToCBOp>(user)) {
      produce(End::Reader, ramp.getBlock());
    } else if (auto move = dyn_cast<tt::MoveElementsOp>(user);
               move && move.getCb() == use.get()) {
      produce(End::Writer, move.getBlock());
    } else {
      bool leaves = llvm::any_of(user->getOpOperands(), [&](OpOperand &block) {
        return tt::getOutgoingBuffer(block) == alloc.getCb();
      });
      buffer.consumer = End::Writer;
      buffer.isShareable &= leaves; // else memory of one kernel
    }
  }
  buffer.isShareable &= buffer.producer.has_value();
  return buffer;
}

/// First and last of the operations of `block` under which the span lies.
std::pair<Operation *, Operation *> boundsIn(Block *block,
                                             const Buffer &buffer) {
  Operation *first = nullptr, *last = nullptr;
  for (Operation *op : buffer.span) {
    Operation *ancestor = block->findAncestorOpInBlock(*op);
    if (!ancestor)
      return {};
    if (!first || ancestor->isBeforeInBlock(first))
      first = ancestor;
    if (!last || last->isBeforeInBlock(ancestor))
      last = ancestor;
  }
  return {first, last};
}

/// Whether the spans do not meet.
bool areApart(const Buffer &a, const Buffer &b) {
  if (a.span.empty() || b.span.empty())
    return false;
  Block *around = a.span.front()->getBlock();
  while (around) {
    auto [firstA, lastA] = boundsIn(around, a);
    auto [firstB, lastB] = boundsIn(around, b);
    if (firstA && firstB)
      return lastA->isBeforeInBlock(firstB) || lastB->isBeforeInBlock(firstA);
    Operation *parent = around->getParentOp();
    if (!parent || isa<tt::CoreProgramOp>(parent))
      return false;
    around = parent->getBlock();
  }
  return false;
}

/// `from` goes through the buffer of `to`.
void merge(Buffer &from, Buffer &to) {
  SmallVector<Attribute> spills(to.alloc.getSpillsAttr()
                                    ? to.alloc.getSpillsAttr().getValue()
                                    : ArrayRef<Attribute>());
  if (ArrayAttr more = from.alloc.getSpillsAttr())
    for (Attribute spill : more)
      if (!llvm::is_contained(spills, spill))
        spills.push_back(spill);
  if (!spills.empty())
    to.alloc.setSpillsAttr(ArrayAttr::get(to.alloc.getContext(), spills));
  if (from.geometry.getDepth() > to.geometry.getDepth()) {
    to.geometry = from.geometry;
    to.alloc.getCb().setType(
        tt::CircularBufferType::get(to.alloc.getContext(), to.geometry));
  }
  from.alloc.getCb().replaceAllUsesWith(to.alloc.getCb());
  from.alloc.erase();
  from.alloc = {};
}

} // namespace

void shareBuffers(tt::CoreProgramOp program,
                  llvm::function_ref<bool()> isEnough) {
  std::vector<Buffer> buffers;
  for (auto alloc : program.getBody().front().getOps<tt::AllocCBOp>())
    buffers.push_back(describe(alloc));
  // The spans of what goes through each buffer that is left.
  std::vector<std::vector<size_t>> held(buffers.size());
  for (size_t i = 0; i < buffers.size(); ++i)
    held[i] = {i};
  for (bool ofCompute : {true, false})
    for (size_t i = 0; i < buffers.size(); ++i) {
      if (buffers[i].isOfCompute() != ofCompute)
        continue;
      for (size_t j = 0; j < i; ++j) {
        if (isEnough())
          return;
        if (!buffers[j].alloc || !buffers[i].isLike(buffers[j]) ||
            !llvm::all_of(held[j], [&](size_t k) {
              return areApart(buffers[i], buffers[k]);
            }))
          continue;
        merge(buffers[i], buffers[j]);
        held[j].push_back(i);
        break;
      }
    }
}

} // namespace tilewright
