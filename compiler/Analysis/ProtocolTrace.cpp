//===- ProtocolTrace.cpp - The circular buffer protocol, played through ---===//

#include "compiler/Analysis/ProtocolTrace.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tilewright::metalium;

namespace tilewright {

/// Calls that one agent may have; beyond that a program is not played through.
static constexpr size_t kMaxEvents = 2'000'000;
/// Words of tensors that steer all kernels are taken to be this: conditions
/// hold and loops run, more than once.
static constexpr int64_t kAssumedWord = 2;
/// Blocks that a buffer is given in search of a depth that ends a deadlock.
static constexpr int64_t kMaxCureBlocks = 64;

StringRef describe(Agent agent) {
  switch (agent) {
  case Agent::Reader:
    return "the reader";
  case Agent::Front:
    return "the compute kernel (unpack)";
  case Agent::Back:
    return "the compute kernel (pack)";
  case Agent::Writer:
    return "the writer";
  }
  llvm_unreachable("every agent has a name");
}

//===----------------------------------------------------------------------===//
// Listing
//===----------------------------------------------------------------------===//

static CircularBufferOp getBuffer(Value cb) {
  auto ref = cb.getDefiningOp<CBRefOp>();
  return ref ? ref.getCircularBuffer() : CircularBufferOp();
}

/// The protocol call that `op` is, with the value that says how many pages.
static std::optional<std::pair<ProtocolEvent, Value>> getEvent(Operation *op) {
  auto pages = [&](ProtocolCall call, auto typed) {
    return std::pair{ProtocolEvent{call, getBuffer(typed.getCb()), 0, op},
                     Value(typed.getPages())};
  };
  auto dst = [&](ProtocolCall call) {
    return std::pair{ProtocolEvent{call, {}, 0, op}, Value()};
  };
  using Result = std::optional<std::pair<ProtocolEvent, Value>>;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](CBReserveBackOp typed) {
        return pages(ProtocolCall::Reserve, typed);
      })
      .Case(
          [&](CBPushBackOp typed) { return pages(ProtocolCall::Push, typed); })
      .Case(
          [&](CBWaitFrontOp typed) { return pages(ProtocolCall::Wait, typed); })
      .Case([&](CBPopFrontOp typed) { return pages(ProtocolCall::Pop, typed); })
      .Case([&](TileRegsAcquireOp) { return dst(ProtocolCall::AcquireDst); })
      .Case([&](TileRegsCommitOp) { return dst(ProtocolCall::CommitDst); })
      .Case([&](TileRegsWaitOp) { return dst(ProtocolCall::WaitDst); })
      .Case([&](TileRegsReleaseOp) { return dst(ProtocolCall::ReleaseDst); })
      .Default([](Operation *) { return Result(); });
}

static Agent getAgent(KernelRole role, ProtocolCall call) {
  if (role == KernelRole::Reader)
    return Agent::Reader;
  if (role == KernelRole::Writer)
    return Agent::Writer;
  switch (call) {
  case ProtocolCall::Wait:
  case ProtocolCall::Pop:
  case ProtocolCall::AcquireDst:
  case ProtocolCall::CommitDst:
    return Agent::Front;
  default:
    return Agent::Back;
  }
}

std::optional<int64_t> evaluateIndex(Operation *op, ArrayRef<int64_t> in) {
  using Result = std::optional<int64_t>;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](arith::AddIOp) { return in[0] + in[1]; })
      .Case([&](arith::SubIOp) { return in[0] - in[1]; })
      .Case([&](arith::MulIOp) { return in[0] * in[1]; })
      .Case([&](arith::AndIOp) { return in[0] & in[1]; })
      .Case([&](arith::OrIOp) { return in[0] | in[1]; })
      .Case([&](arith::MinUIOp) { return std::min(in[0], in[1]); })
      .Case([&](arith::MaxUIOp) { return std::max(in[0], in[1]); })
      .Case([&](arith::MinSIOp) { return std::min(in[0], in[1]); })
      .Case([&](arith::MaxSIOp) { return std::max(in[0], in[1]); })
      .Case([&](arith::SelectOp) { return in[0] ? in[1] : in[2]; })
      .Case([&](arith::XOrIOp) { return in[0] ^ in[1]; })
      .Case<arith::IndexCastOp, arith::IndexCastUIOp, arith::ExtUIOp,
            arith::ExtSIOp>([&](Operation *) { return in[0]; })
      .Case<arith::CeilDivUIOp, arith::CeilDivSIOp>([&](Operation *) -> Result {
        return in[1] > 0 && in[0] >= 0 ? Result(llvm::divideCeil(in[0], in[1]))
                                       : Result();
      })
      .Case([&](arith::FloorDivSIOp) -> Result {
        return in[1] > 0 ? Result(llvm::divideFloorSigned(in[0], in[1]))
                         : Result();
      })
      .Case<arith::DivUIOp, arith::DivSIOp>([&](Operation *) -> Result {
        return in[1] > 0 && in[0] >= 0 ? Result(in[0] / in[1]) : Result();
      })
      .Case<arith::RemUIOp, arith::RemSIOp>([&](Operation *) -> Result {
        return in[1] > 0 && in[0] >= 0 ? Result(in[0] % in[1]) : Result();
      })
      .Case([&](arith::CmpIOp compare) {
        return static_cast<int64_t>(arith::applyCmpPredicate(
            compare.getPredicate(), APInt(64, in[0], true),
            APInt(64, in[1], true)));
      })
      .Default([](Operation *) { return Result(); });
}

namespace {
/// Runs the index arithmetic of one kernel.
class Lister {
public:
  Lister(KernelRole role, ProtocolArguments arguments,
         std::array<std::vector<ProtocolEvent>, kNumAgents> &events)
      : role(role), arguments(arguments), events(events) {}

  bool run(Block &block) {
    for (Operation &op : block)
      if (!run(op))
        return false;
    return true;
  }

private:
  bool run(Operation &op) {
    if (auto event = getEvent(&op))
      return add(event->first, event->second);
    const bool matters = hasEvents(op);
    if (op.getNumRegions() == 0 || (!matters && op.getNumResults() == 0))
      return true;
    for (Value result : op.getResults())
      values.erase(result);
    if (auto loop = dyn_cast<scf::ForOp>(op))
      return run(loop) || !matters;
    auto branch = dyn_cast<scf::IfOp>(op);
    return (branch && run(branch)) || !matters;
  }

  bool run(scf::IfOp branch) {
    auto condition = valueOf(branch.getCondition());
    if (!condition)
      return false;
    Block *block = *condition ? branch.thenBlock() : branch.elseBlock();
    if (!block)
      return true;
    if (!run(*block))
      return false;
    give(branch.getResults(), block->getTerminator()->getOperands());
    return true;
  }

  bool run(scf::ForOp loop) {
    auto lower = valueOf(loop.getLowerBound());
    auto upper = valueOf(loop.getUpperBound());
    auto step = valueOf(loop.getStep());
    if (!lower || !upper || !step || *step <= 0)
      return false;
    give(loop.getRegionIterArgs(), loop.getInitArgs());
    for (int64_t i = *lower; i < *upper; i += *step) {
      values[loop.getInductionVar()] = i;
      if (!run(*loop.getBody()))
        return false;
      give(loop.getRegionIterArgs(), loop.getYieldedValues());
    }
    give(loop.getResults(), loop.getRegionIterArgs());
    return true;
  }

  /// Gives `targets` the numbers that `sources` have, all at once.
  void give(ValueRange targets, ValueRange sources) {
    SmallVector<std::optional<int64_t>> numbers;
    for (Value source : sources)
      numbers.push_back(source.getType().isIntOrIndex() ? valueOf(source)
                                                        : std::nullopt);
    for (auto [target, number] : llvm::zip(targets, numbers)) {
      values.erase(target);
      if (number)
        values[target] = *number;
    }
  }

  bool add(ProtocolEvent event, Value pages) {
    if (pages) {
      auto number = valueOf(pages);
      if (!number || !event.buffer)
        return false;
      event.pages = *number;
    }
    auto &list = events[static_cast<unsigned>(getAgent(role, event.call))];
    list.push_back(event);
    return list.size() <= kMaxEvents;
  }

  bool hasEvents(Operation &op) {
    auto [found, isNew] = relevant.try_emplace(&op, false);
    if (isNew)
      found->second = op.walk([](Operation *inner) {
                          return getEvent(inner) ? WalkResult::interrupt()
                                                 : WalkResult::advance();
                        }).wasInterrupted();
    return found->second;
  }

  std::optional<int64_t> valueOf(Value value) {
    APInt constant;
    if (matchPattern(value, m_ConstantInt(&constant)))
      return constant.getBitWidth() == 1 ? constant.getZExtValue()
                                         : constant.getSExtValue();
    Operation *op = value.getDefiningOp();
    if (!op || op->getNumRegions() > 0) {
      auto found = values.find(value);
      if (found == values.end())
        return std::nullopt;
      return found->second;
    }
    if (auto arg = dyn_cast<ArgOp>(op)) {
      if (arg.getKind() == ArgKind::WorkStart)
        return arguments.start;
      if (arg.getKind() == ArgKind::WorkCount)
        return arguments.count;
      return std::nullopt;
    }
    if (isa<CommonValueOp>(op))
      return kAssumedWord;
    if (auto arg = dyn_cast<CommonArgOp>(op))
      return arg.getSizeName() ? std::optional(arguments.size) : std::nullopt;
    SmallVector<int64_t> operands;
    for (Value operand : op->getOperands()) {
      auto number = valueOf(operand);
      if (!number)
        return std::nullopt;
      operands.push_back(*number);
    }
    return evaluateIndex(op, operands);
  }

  KernelRole role;
  ProtocolArguments arguments;
  std::array<std::vector<ProtocolEvent>, kNumAgents> &events;
  llvm::DenseMap<Value, int64_t> values;
  llvm::DenseMap<Operation *, bool> relevant;
};
} // namespace

ProtocolTrace::ProtocolTrace(ProgramOp program, ProtocolArguments arguments)
    : program(program), arguments(arguments) {
  if (program.getConfig().getDstFullSyncEn())
    dstSections = 1;
  for (auto kernel : program.getBody().getOps<KernelOp>())
    valid &= list(kernel);
}

bool ProtocolTrace::list(KernelOp kernel) {
  return Lister(kernel.getRole(), arguments, events)
      .run(*kernel.getBodyBlock());
}

//===----------------------------------------------------------------------===//
// Playing
//===----------------------------------------------------------------------===//

SmallVector<Deadlock::Blocked> ProtocolTrace::run(const Pages &capacity) const {
  llvm::DenseMap<Operation *, int64_t> filled;
  std::array<size_t, kNumAgents> next = {};
  int64_t acquired = 0, committed = 0; // sections of DST
  auto available = [&](const ProtocolEvent &event) -> int64_t {
    switch (event.call) {
    case ProtocolCall::Reserve:
      return capacity.lookup(event.buffer) - filled.lookup(event.buffer);
    case ProtocolCall::Wait:
      return filled.lookup(event.buffer);
    case ProtocolCall::AcquireDst:
      return dstSections - acquired;
    case ProtocolCall::WaitDst:
      return committed;
    default:
      return INT64_MAX;
    }
  };
  auto wanted = [](const ProtocolEvent &event) {
    return event.buffer ? event.pages : 1;
  };
  auto perform = [&](const ProtocolEvent &event) {
    switch (event.call) {
    case ProtocolCall::Push:
      filled[event.buffer] += event.pages;
      break;
    case ProtocolCall::Pop:
      filled[event.buffer] -= event.pages;
      break;
    case ProtocolCall::AcquireDst:
      ++acquired;
      break;
    case ProtocolCall::CommitDst:
      ++committed;
      break;
    case ProtocolCall::ReleaseDst:
      --acquired;
      --committed;
      break;
    default:
      break;
    }
  };
  for (bool moved = true; moved;) {
    moved = false;
    for (unsigned agent = 0; agent < kNumAgents; ++agent)
      while (next[agent] < events[agent].size()) {
        const ProtocolEvent &event = events[agent][next[agent]];
        if (available(event) < wanted(event))
          break;
        perform(event);
        ++next[agent];
        moved = true;
      }
  }
  SmallVector<Deadlock::Blocked> blocked;
  for (unsigned agent = 0; agent < kNumAgents; ++agent)
    if (next[agent] < events[agent].size()) {
      const ProtocolEvent &event = events[agent][next[agent]];
      blocked.push_back({static_cast<Agent>(agent), event, available(event)});
    }
  return blocked;
}

std::optional<Deadlock> ProtocolTrace::findDeadlock() {
  Pages capacity;
  for (auto buffer : program.getBody().getOps<CircularBufferOp>())
    capacity[buffer] = buffer.getPages();
  Deadlock deadlock;
  deadlock.blocked = run(capacity);
  if (deadlock.blocked.empty())
    return std::nullopt;
  for (const Deadlock::Blocked &blocked : deadlock.blocked) {
    if (blocked.event.call != ProtocolCall::Reserve)
      continue;
    CircularBufferOp buffer = blocked.event.buffer;
    for (int64_t blocks = 1; blocks <= kMaxCureBlocks; ++blocks) {
      Pages more = capacity;
      more[buffer] += blocks * blocked.event.pages;
      if (!run(more).empty())
        continue;
      if (!deadlock.cure ||
          more[buffer] - int64_t(buffer.getPages()) <
              deadlock.curePages - int64_t(deadlock.cure.getPages())) {
        deadlock.cure = buffer;
        deadlock.curePages = more[buffer];
      }
      break;
    }
  }
  return deadlock;
}

} // namespace tilewright
