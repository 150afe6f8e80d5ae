//===- ValidateSplitKernelsProtocol.cpp - Order of the protocol, deadlock -===//
//
//   1. Dataflow over each kernel: pages are used (packed to, unpacked from,
//      addressed) only while they are held, that is between reserve and push or
//      between wait and pop.
//   2. The calls of the kernels for two work items are listed
//      (ProtocolTrace.h): a push is of reserved pages, a pop of pages that were
//      waited for.
//   3. They are played against each other with the pages that the buffers have.
//      Items follow each other alike, so a second one shows what the first left
//      behind.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/E_Finalize/ValidateSplitKernels.h"

#include "compiler/Analysis/ProtocolTrace.h"
#include "compiler/Support/Codes/StageD.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include <set>

using namespace mlir;
using namespace tilewright::metalium;

namespace tilewright {

//===----------------------------------------------------------------------===//
// Use while held
//===----------------------------------------------------------------------===//

namespace {
/// Which ends of which buffers are held.
struct Held {
  std::set<std::pair<Operation *, bool>> ends; ///< buffer, whether to fill it
  void meet(const Held &other) {
    std::erase_if(ends,
                  [&](const auto &end) { return !other.ends.contains(end); });
  }
  bool operator==(const Held &) const = default;
};

class HeldCheck {
public:
  LogicalResult run(KernelOp kernel) {
    flow(*kernel.getBodyBlock(), {}, /*report=*/true);
    return result;
  }

private:
  static Operation *getBuffer(Value cb) {
    auto ref = cb.getDefiningOp<CBRefOp>();
    return ref ? ref.getCircularBuffer() : CircularBufferOp();
  }

  Held flow(Block &block, Held held, bool report) {
    for (Operation &op : block) {
      if (auto loop = dyn_cast<scf::ForOp>(op)) {
        Held head = held;
        for (Held last; !(last == head);) {
          last = head;
          head.meet(flow(*loop.getBody(), head, /*report=*/false));
          if (last.ends.empty())
            break;
        }
        Held end = flow(*loop.getBody(), head, report);
        held.meet(end);
        continue;
      }
      if (auto loop = dyn_cast<scf::WhileOp>(op)) {
        Held head = held;
        for (Held last; !(last == head);) {
          last = head;
          head.meet(flow(*loop.getAfterBody(),
                         flow(*loop.getBeforeBody(), head, /*report=*/false),
                         /*report=*/false));
          if (last.ends.empty())
            break;
        }
        held = flow(*loop.getBeforeBody(), head, report);
        flow(*loop.getAfterBody(), held, report);
        continue;
      }
      if (auto branch = dyn_cast<scf::IfOp>(op)) {
        Held after = flow(*branch.thenBlock(), held, report);
        after.meet(branch.elseBlock() ? flow(*branch.elseBlock(), held, report)
                                      : held);
        held = after;
        continue;
      }
      transfer(op, held, report);
    }
    return held;
  }

  void transfer(Operation &op, Held &held, bool report) {
    if (auto reserve = dyn_cast<CBReserveBackOp>(op)) {
      held.ends.insert({getBuffer(reserve.getCb()), true});
    } else if (auto push = dyn_cast<CBPushBackOp>(op)) {
      held.ends.erase({getBuffer(push.getCb()), true});
    } else if (auto wait = dyn_cast<CBWaitFrontOp>(op)) {
      held.ends.insert({getBuffer(wait.getCb()), false});
    } else if (auto pop = dyn_cast<CBPopFrontOp>(op)) {
      held.ends.erase({getBuffer(pop.getCb()), false});
    } else if (report) {
      use(op, held);
    }
  }

  void use(Operation &op, const Held &held) {
    auto call = dyn_cast<MetaliumCallOpInterface>(op);
    if (!call)
      return;
    const CallRecord &record = call.getCallRecord();
    bool pointer = isa<GetWritePtrOp, GetReadPtrOp>(op);
    if (record.category != "compute" && !pointer)
      return;
    bool fills = isa<GetWritePtrOp>(op) || record.threads == "pack";
    for (Value operand : op.getOperands()) {
      if (!isa<CBType>(operand.getType()))
        continue;
      Operation *buffer = getBuffer(operand);
      if (!buffer || held.ends.contains({buffer, fills}))
        continue;
      result = emitCoded(&op, Code::PagesNotHeld)
               << "'" << op.getName() << "' uses pages of "
               << nameWithSource(cast<CircularBufferOp>(buffer)) << " that are "
               << (fills ? "not reserved" : "not waited for");
    }
  }

  LogicalResult result = success();
};
} // namespace

//===----------------------------------------------------------------------===//
// Order of the calls
//===----------------------------------------------------------------------===//

static LogicalResult validateOrder(const ProtocolTrace &trace, Agent agent) {
  llvm::DenseMap<Operation *, int64_t> reserved, waited;
  for (const ProtocolEvent &event : trace.getEvents(agent)) {
    int64_t &free = reserved[event.buffer];
    int64_t &full = waited[event.buffer];
    switch (event.call) {
    case ProtocolCall::Reserve:
      free = std::max(free, event.pages);
      break;
    case ProtocolCall::Wait:
      full = std::max(full, event.pages);
      break;
    case ProtocolCall::Push:
      if (event.pages > free)
        return emitCoded(event.op, Code::UnreservedPush)
               << describe(agent) << " pushes " << event.pages << " pages of "
               << nameWithSource(event.buffer) << ", " << free
               << " of them reserved";
      free -= event.pages;
      break;
    case ProtocolCall::Pop:
      if (event.pages > full)
        return emitCoded(event.op, Code::UnwaitedPop)
               << describe(agent) << " pops " << event.pages << " pages of "
               << nameWithSource(event.buffer) << ", having waited for "
               << full;
      full -= event.pages;
      break;
    default:
      break;
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Deadlock
//===----------------------------------------------------------------------===//

static LogicalResult reportDeadlock(ProgramOp program, Deadlock &deadlock) {
  InFlightDiagnostic diagnostic =
      emitCoded(deadlock.blocked.front().event.op, Code::Deadlock);
  diagnostic << "the kernels wait for each other:";
  for (const Deadlock::Blocked &blocked : deadlock.blocked) {
    const ProtocolEvent &event = blocked.event;
    diagnostic << (&blocked == &deadlock.blocked.front() ? " " : "; ")
               << describe(blocked.agent);
    if (!event.buffer)
      diagnostic << " waits for a section of DST";
    else
      diagnostic << " waits for " << event.pages
                 << (event.call == ProtocolCall::Reserve ? " free" : " filled")
                 << " pages of " << nameWithSource(event.buffer) << ", "
                 << blocked.available << " are";
  }
  for (const Deadlock::Blocked &blocked :
       ArrayRef(deadlock.blocked).drop_front())
    diagnostic.attachNote(blocked.event.op->getLoc())
        << describe(blocked.agent) << " waits here";
  if (deadlock.cure)
    diagnostic.attachNote()
        << "fix: " << nameWithSource(deadlock.cure) << " needs "
        << deadlock.curePages << " pages, it has " << deadlock.cure.getPages()
        << "; circular buffers:\n"
        << formatBufferTable(program);
  else
    diagnostic.attachNote() << "no depth of one buffer ends it; circular "
                               "buffers:\n"
                            << formatBufferTable(program);
  return diagnostic;
}

/// What a core may be given that shows a fault of the protocol: the first core
/// with the most work, for at most two items. Where only a call knows sizes,
/// one item of the least sizes, and two of sizes that end inside a tile and
/// make loops run several times.
static SmallVector<ProtocolArguments> getArguments(ProgramOp program) {
  constexpr int64_t large = 200;
  auto work = program.getWork();
  bool hasSizes =
      llvm::any_of(program.getBody().getOps<TensorOp>(), [](TensorOp tensor) {
        return !tensor.getTensorType().hasStaticShape();
      });
  ProtocolArguments arguments = {0, 2, large};
  int64_t most = 0;
  if (work && !work->isDynamic())
    for (auto [start, count] : llvm::zip(work->getStarts(), work->getCounts()))
      if (count > most) {
        most = count;
        arguments = {start, std::min<int64_t>(count, 2), large};
      }
  if (!hasSizes)
    return {arguments};
  return {{arguments.start, 1, 1}, arguments};
}

LogicalResult validateHeld(KernelOp kernel) { return HeldCheck().run(kernel); }

LogicalResult validateProtocol(ProgramOp program) {
  for (auto kernel : program.getBody().getOps<KernelOp>())
    if (failed(validateHeld(kernel)))
      return failure();
  for (ProtocolArguments arguments : getArguments(program)) {
    ProtocolTrace trace(program, arguments);
    if (!trace.isValid()) {
      remarkCoded(program.getLoc(), Code::ProtocolUnknown)
          << "the circular buffer protocol of '" << program.getSymName()
          << "' depends on run-time values and is not proved free of deadlock";
      return success();
    }
    for (Agent agent :
         {Agent::Reader, Agent::Front, Agent::Back, Agent::Writer})
      if (failed(validateOrder(trace, agent)))
        return failure();
    if (auto deadlock = trace.findDeadlock())
      return reportDeadlock(program, *deadlock);
  }
  return success();
}

} // namespace tilewright
