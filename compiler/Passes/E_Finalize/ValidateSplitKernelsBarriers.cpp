//===- ValidateSplitKernelsBarriers.cpp - Barriers before hand-over -------===//
//
// Transfers are asynchronous. Forward dataflow over a reader or writer: a read
// puts the circular buffers that its L1 address may lie in into the set of
// pending buffers, a barrier empties the set; on joins the sets are united. A
// pending buffer must not be pushed; nor popped, while it is written from. A
// kernel ends with a write barrier. In a scalar kernel, what is stored to the
// elements of a tensor is pending until they are flushed.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/E_Finalize/ValidateSplitKernels.h"

#include "compiler/Support/Codes/StageD.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include <map>
#include <set>

using namespace mlir;
using namespace tilewright::metalium;

namespace tilewright {

namespace {
/// Buffers with transfers under way; a null buffer is an unknown one.
struct Pending {
  std::set<Operation *> reads;
  std::set<Operation *> writes;
  bool unacknowledged = false; ///< writes that left L1 and may not have landed
  /// Tensors with stored elements in L1, and the last store to each.
  std::map<Operation *, Operation *> stored;
  void join(const Pending &other) {
    unacknowledged |= other.unacknowledged;
    stored.insert(other.stored.begin(), other.stored.end());
    reads.insert(other.reads.begin(), other.reads.end());
    writes.insert(other.writes.begin(), other.writes.end());
  }
  bool operator==(const Pending &) const = default;
};

class BarrierCheck {
public:
  LogicalResult run(KernelOp kernel) {
    Pending end = flow(*kernel.getBodyBlock(), {}, /*report=*/true);
    if (end.unacknowledged)
      return emitCoded(kernel, Code::WriteBarrier)
             << "kernel '" << kernel.getSymName()
             << "' ends while writes are under way";
    for (auto elements : kernel.getOps<ElementsOp>())
      if (auto found = end.stored.find(elements); found != end.stored.end())
        result = emitCoded(found->second, Code::WriteBarrier)
                 << "kernel '" << kernel.getSymName() << "' stores to "
                 << elements.getName()
                 << " and ends without metalium.flush_elements after it";
    return result;
  }

private:
  Pending flow(Block &block, Pending pending, bool report) {
    for (Operation &op : block) {
      if (auto loop = dyn_cast<scf::ForOp>(op)) {
        Pending head = pending;
        for (bool changed = true; changed;) {
          Pending last = head;
          head.join(flow(*loop.getBody(), head, /*report=*/false));
          changed = !(last == head);
        }
        pending = head;
        pending.join(flow(*loop.getBody(), head, report));
        continue;
      }
      if (auto loop = dyn_cast<scf::WhileOp>(op)) {
        Pending head = pending;
        for (bool changed = true; changed;) {
          Pending last = head;
          head.join(flow(*loop.getAfterBody(),
                         flow(*loop.getBeforeBody(), head, /*report=*/false),
                         /*report=*/false));
          changed = !(last == head);
        }
        pending = flow(*loop.getBeforeBody(), head, report);
        flow(*loop.getAfterBody(), pending, report);
        continue;
      }
      if (auto branch = dyn_cast<scf::IfOp>(op)) {
        Pending after = flow(*branch.thenBlock(), pending, report);
        after.join(branch.elseBlock()
                       ? flow(*branch.elseBlock(), pending, report)
                       : pending);
        pending = after;
        continue;
      }
      if (auto part = dyn_cast<ByElementOp>(op)) {
        pending = flow(part.getBody().front(), pending, report);
        continue;
      }
      transfer(op, pending, report);
    }
    return pending;
  }

  void transfer(Operation &op, Pending &pending, bool report) {
    StringRef name = op.getName().stripDialect();
    if (auto store = dyn_cast<memref::StoreOp>(op)) {
      if (auto elements = store.getMemRef().getDefiningOp<ElementsOp>())
        pending.stored[elements] = store;
    } else if (auto flush = dyn_cast<FlushElementsOp>(op)) {
      pending.stored.erase(flush.getTensor().getDefiningOp());
    } else if (isa<NocAsyncFullBarrierOp>(op)) {
      pending.reads.clear();
      pending.writes.clear();
      pending.unacknowledged = false;
    } else if (isa<NocAsyncReadBarrierOp>(op))
      pending.reads.clear();
    else if (isa<NocAsyncWritesFlushedOp>(op))
      pending.writes.clear();
    else if (isa<NocAsyncWriteBarrierOp>(op)) {
      pending.writes.clear();
      pending.unacknowledged = false;
    } else if (name.starts_with("noc_async_read"))
      addBuffers(&op, pending.reads);
    else if (name.starts_with("noc_async_write")) {
      addBuffers(&op, pending.writes);
      pending.unacknowledged = true;
    } else if (auto push = dyn_cast<CBPushBackOp>(op)) {
      if (report && contains(pending.reads, push.getCb()))
        result = emitCoded(&op, Code::ReadBarrier)
                 << "pages of " << nameOf(push.getCb())
                 << " are pushed while reads into them are under way";
    } else if (auto pop = dyn_cast<CBPopFrontOp>(op)) {
      if (report && contains(pending.writes, pop.getCb()))
        result = emitCoded(&op, Code::WriteBarrier)
                 << "pages of " << nameOf(pop.getCb())
                 << " are popped while writes from them are under way";
    }
  }

  static Operation *getBuffer(Value cb) {
    auto ref = cb.getDefiningOp<CBRefOp>();
    return ref ? ref.getCircularBuffer() : CircularBufferOp();
  }
  static std::string nameOf(Value cb) {
    auto buffer = dyn_cast_or_null<CircularBufferOp>(getBuffer(cb));
    return buffer ? nameWithSource(buffer) : "a circular buffer";
  }
  static bool contains(const std::set<Operation *> &set, Value cb) {
    return set.contains(getBuffer(cb)) || set.contains(nullptr);
  }

  /// Adds the buffers that the L1 address of a transfer may lie in.
  static void addBuffers(Operation *op, std::set<Operation *> &set) {
    llvm::SmallPtrSet<Value, 8> seen;
    bool found = false;
    for (Value address : getCallOperands(op, "l1"))
      collect(address, seen, set, found);
    if (!found)
      set.insert(nullptr);
  }

  static void collect(Value value, llvm::SmallPtrSetImpl<Value> &seen,
                      std::set<Operation *> &set, bool &found) {
    if (!seen.insert(value).second)
      return;
    if (auto arg = dyn_cast<BlockArgument>(value)) {
      auto loop = dyn_cast<scf::ForOp>(arg.getOwner()->getParentOp());
      if (OpOperand *init = loop ? loop.getTiedLoopInit(arg) : nullptr)
        collect(init->get(), seen, set, found);
      return;
    }
    Operation *op = value.getDefiningOp();
    if (isa<GetWritePtrOp, GetReadPtrOp>(op)) {
      set.insert(getBuffer(op->getOperand(0)));
      found = true;
    } else if (auto loop = dyn_cast<scf::ForOp>(op)) {
      collect(loop.getInitArgs()[cast<OpResult>(value).getResultNumber()], seen,
              set, found);
    } else if (isa<arith::AddIOp, arith::SubIOp, arith::SelectOp>(op)) {
      for (Value operand : op->getOperands())
        collect(operand, seen, set, found);
    } else if (auto branch = dyn_cast<scf::IfOp>(op)) {
      unsigned number = cast<OpResult>(value).getResultNumber();
      for (Region *region : branch.getRegions())
        if (!region->empty())
          collect(region->front().getTerminator()->getOperand(number), seen,
                  set, found);
    }
  }

  LogicalResult result = success();
};
} // namespace

LogicalResult validateBarriers(KernelOp kernel) {
  return BarrierCheck().run(kernel);
}

} // namespace tilewright
