//===- ValidateSplitKernelsCompute.cpp - DST and the engine's state -------===//
//
//   1. DST. The kernel moves through idle, acquired, committed and packing; a
//      loop leaves the state that it found, the branches of a condition agree.
//      Compute calls stand in acquired, packs in packing. No call reaches
//      beyond the capacity.
//   2. The engine. One start-up, before any other call of the engine; by
//      dataflow (EngineState.h) each compute call finds set what it needs on
//      every path.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/E_Finalize/ValidateSplitKernels.h"

#include "compiler/Analysis/EngineState.h"
#include "compiler/Support/Codes/StageD.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace tilewright::metalium;

namespace tilewright {

//===----------------------------------------------------------------------===//
// DST
//===----------------------------------------------------------------------===//

/// The largest value of an index, where loops have constant bounds.
static std::optional<int64_t> getMaximum(Value value) {
  if (auto constant = getConstantIntValue(value))
    return constant;
  if (auto arg = dyn_cast<BlockArgument>(value)) {
    auto loop = dyn_cast<scf::ForOp>(arg.getOwner()->getParentOp());
    if (!loop || arg != loop.getInductionVar())
      return std::nullopt;
    auto lower = getConstantIntValue(loop.getLowerBound());
    auto upper = getConstantIntValue(loop.getUpperBound());
    auto step = getConstantIntValue(loop.getStep());
    if (!lower || !upper || !step || *upper <= *lower)
      return std::nullopt;
    return *lower + (*upper - *lower - 1) / *step * *step;
  }
  Operation *op = value.getDefiningOp();
  if (!isa<arith::AddIOp, arith::MulIOp>(op))
    return std::nullopt;
  auto a = getMaximum(op->getOperand(0)), b = getMaximum(op->getOperand(1));
  if (!a || !b)
    return std::nullopt;
  return isa<arith::AddIOp>(op) ? *a + *b : *a * *b;
}

/// DST tiles that a call touches from its DST index on.
static int64_t getDstTiles(Operation *op) {
  if (auto block = dyn_cast<MatmulBlockOp>(op))
    return block.getCt() * block.getRt();
  for (Value count : getCallOperands(op, "count"))
    if (auto constant = getConstantIntValue(count))
      return *constant;
  return 1;
}

namespace {
enum class DstState { Idle, Acquired, Committed, Packing };

StringRef describeState(DstState state) {
  switch (state) {
  case DstState::Idle:
    return "DST is not acquired";
  case DstState::Acquired:
    return "DST is acquired and not committed";
  case DstState::Committed:
    return "DST is committed and not waited for";
  case DstState::Packing:
    return "DST is being packed";
  }
  llvm_unreachable("every state has a name");
}

class DstCheck {
public:
  explicit DstCheck(KernelOp kernel) : kernel(kernel) {
    if (auto program = kernel->getParentOfType<ProgramOp>())
      capacity = program.getConfig().dstTiles();
  }

  LogicalResult run() {
    if (failed(visit(*kernel.getBodyBlock())))
      return failure();
    if (state != DstState::Idle)
      return emitCoded(kernel, Code::DstOrder)
             << "kernel '" << kernel.getSymName() << "' ends while "
             << describeState(state);
    return success();
  }

private:
  LogicalResult visit(Block &block) {
    for (Operation &op : block)
      if (failed(visit(op)))
        return failure();
    return success();
  }

  LogicalResult visit(Operation &op) {
    if (isa<TileRegsAcquireOp>(op))
      return move(op, DstState::Idle, DstState::Acquired);
    if (isa<TileRegsCommitOp>(op))
      return move(op, DstState::Acquired, DstState::Committed);
    if (isa<TileRegsWaitOp>(op))
      return move(op, DstState::Committed, DstState::Packing);
    if (isa<TileRegsReleaseOp>(op))
      return move(op, DstState::Packing, DstState::Idle);
    if (op.getNumRegions() > 0)
      return visitRegions(op);
    auto call = dyn_cast<MetaliumCallOpInterface>(op);
    if (!call || call.getCallRecord().category != "compute")
      return success();
    bool packs = call.getCallRecord().threads == "pack";
    DstState needed = packs ? DstState::Packing : DstState::Acquired;
    if (state != needed)
      return emitCoded(&op, Code::DstOrder)
             << "'" << op.getName() << "' stands where " << describeState(state)
             << (packs ? "; packs stand between tile_regs_wait and "
                         "tile_regs_release"
                       : "; compute calls stand between tile_regs_acquire and "
                         "tile_regs_commit");
    return visitIndices(call);
  }

  LogicalResult visitRegions(Operation &op) {
    DstState entry = state;
    for (Region &region : op.getRegions()) {
      if (region.empty())
        continue;
      state = entry;
      if (failed(visit(region.front())))
        return failure();
      if (state != entry && isa<scf::ForOp, scf::IfOp>(op))
        return emitCoded(&op, Code::DstOrder)
               << "the " << (isa<scf::ForOp>(op) ? "loop" : "condition")
               << " ends while " << describeState(state)
               << ", but started while " << describeState(entry);
    }
    return success();
  }

  LogicalResult move(Operation &op, DstState from, DstState to) {
    if (state != from)
      return emitCoded(&op, Code::DstOrder)
             << "'" << op.getName() << "' stands where "
             << describeState(state);
    state = to;
    return success();
  }

  LogicalResult visitIndices(MetaliumCallOpInterface call) {
    for (auto [index, arg] : llvm::enumerate(call.getCallRecord().operands)) {
      if (arg.kind != "dst")
        continue;
      for (Value operand : call.getCallOperandGroup(index)) {
        auto maximum = getMaximum(operand);
        int64_t tiles = getDstTiles(call);
        if (maximum && *maximum + tiles > capacity)
          return emitCoded(call, Code::DstCapacity)
                 << "'" << call->getName() << "' uses DST tile "
                 << *maximum + tiles - 1 << ", DST holds " << capacity;
      }
    }
    return success();
  }

  KernelOp kernel;
  int64_t capacity = kMaxDstTiles;
  DstState state = DstState::Idle;
};
} // namespace

LogicalResult validateDst(KernelOp compute) { return DstCheck(compute).run(); }

//===----------------------------------------------------------------------===//
// The engine
//===----------------------------------------------------------------------===//

/// One start-up at the top level, before every other call of the engine.
static LogicalResult validateStartup(KernelOp kernel) {
  Operation *startup = nullptr, *earlier = nullptr;
  LogicalResult result = success();
  kernel.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isStartup(op)) {
      if (startup || op->getParentOp() != kernel)
        result = emitCoded(op, Code::Startup)
                 << "'" << op->getName()
                 << "' sets up the whole engine, which stands once, at the top "
                    "of the kernel";
      startup = op;
      return;
    }
    auto call = dyn_cast<MetaliumCallOpInterface>(op);
    StringRef category = call ? call.getCallRecord().category : "";
    if (!startup && !earlier &&
        (category == "compute" || category == "init" || category == "dst"))
      earlier = op;
  });
  if (failed(result))
    return failure();
  if (!startup)
    return emitCoded(kernel, Code::Startup)
           << "kernel '" << kernel.getSymName()
           << "' never sets up the compute engine";
  if (earlier)
    return emitCoded(earlier, Code::Startup)
           << "'" << earlier->getName() << "' stands before the start-up '"
           << startup->getName() << "'";
  return success();
}

LogicalResult validateEngine(KernelOp compute) {
  if (failed(validateStartup(compute)))
    return failure();
  LogicalResult result = success();
  flowEngine(*compute.getBodyBlock(), {},
             [&](Operation *op, const EngineState &state) {
               for (const EngineSetting &need : getNeeds(op)) {
                 if (need.value && state[need.resource] == need.value)
                   continue;
                 result = emitCoded(op, Code::EngineNotSet)
                          << "'" << op->getName() << "' needs "
                          << describe(need.resource)
                          << ", which is not set for it on every path";
                 break;
               }
               return false;
             });
  return result;
}

} // namespace tilewright
