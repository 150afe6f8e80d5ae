//===- InsertComputeInitElide.cpp - Fewer init and reconfig calls ---------===//
//
// Removes set-up calls without changing what any compute call finds set:
//
//   1. Innermost first: where all calls in a loop (or in a section, which runs
//      once a sub-block) that set one resource set the same value, one of them
//      moves in front of the loop and the others go.
//   2. What is set already in some iterations only. Where a loop sets a
//      resource first to a value that the end of its body leaves it with, that
//      call moves in front of the loop; where the entry has the value and the
//      end of the body another one, it moves to the end of the body. The latter
//      is not done to the loop over work items.
//   3. A call that moved to the end of its loop counted on what stood before
//   the
//      loop, and a later move may have changed that: what is not set any more
//      where it is needed is set there again, and may move once more.
//   4. Forward dataflow of the engine's state (EngineState.h). At the head of a
//      loop holds what the entry and the end of the body agree on; a call that
//      sets what is set already goes.
//
// Between 3 and 4 the start-up call takes the formats with which an iteration
// of the loop over work items ends: set to those of its beginning, the first
// iteration would set them twice.
//
// Calls that switch the packer's accumulation are placed by their own rule and
// are left alone.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/InsertComputeInit.h"

#include "compiler/Analysis/EngineState.h"

using namespace mlir;
using namespace tilewright::metalium;

namespace tilewright {

/// The one resource that `op` sets, where it may be moved or removed.
static std::optional<EngineSetting> getMovableSetting(Operation *op) {
  EngineSettings settings = getSettings(op);
  if (isStartup(op) || settings.size() != 1 ||
      settings.front().resource == EngineResource::L1Accumulate)
    return std::nullopt;
  return settings.front();
}

//===----------------------------------------------------------------------===//
// Out of loops
//===----------------------------------------------------------------------===//

/// Moves the calls that set `resource` out of `loop` if they all set one value.
static void hoist(Operation *loop, EngineResource resource) {
  SmallVector<Operation *> calls;
  Attribute value;
  bool same = true;
  loop->walk([&](Operation *op) {
    auto setting = getMovableSetting(op);
    if (!setting || setting->resource != resource)
      return;
    same &= setting->value && (calls.empty() || setting->value == value);
    value = setting->value;
    calls.push_back(op);
  });
  if (calls.empty() || !same)
    return;
  calls.front()->moveBefore(loop);
  for (Operation *call : llvm::drop_begin(calls))
    call->erase();
}

static void hoistAll(KernelOp kernel) {
  SmallVector<Operation *> loops;
  kernel.walk<WalkOrder::PostOrder>([&](Operation *op) {
    if (isa<scf::ForOp, tt::SectionOp>(op))
      loops.push_back(op);
  });
  for (Operation *loop : loops)
    for (unsigned i = 0; i < kNumEngineResources; ++i)
      hoist(loop, static_cast<EngineResource>(i));
}

//===----------------------------------------------------------------------===//
// What is set already
//===----------------------------------------------------------------------===//

static void dropRepeated(KernelOp kernel) {
  flowEngine(*kernel.getBodyBlock(), {},
             [](Operation *op, const EngineState &state) {
               auto setting = getMovableSetting(op);
               if (!setting || !setting->value ||
                   state[setting->resource] != setting->value)
                 return false;
               op->erase();
               return true;
             });
}

//===----------------------------------------------------------------------===//
// What is set already in some iterations
//===----------------------------------------------------------------------===//

/// Whether `op`, perhaps still an operation on blocks, needs `resource`.
static bool needs(Operation *op, EngineResource resource) {
  if (resource == EngineResource::Packer && isa<tt::YieldOp>(op))
    return true;
  auto isWanted = [&](const EngineSetting &need) {
    return need.resource == resource;
  };
  if (isa<tt::TTDialect>(op->getDialect()))
    return llvm::any_of(
        getTileCalls(op, TileShape{}, /*fast=*/false), [&](TileCall &call) {
          return llvm::any_of(getNeeds(op->getContext(), call), isWanted);
        });
  return llvm::any_of(getNeeds(op), isWanted);
}

/// The first call in `loop` that sets `resource`, where nothing needs the
/// resource before it and it runs in every iteration.
static Operation *findFirstSetting(Operation *loop, EngineResource resource) {
  Operation *first = nullptr;
  loop->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op == loop)
      return WalkResult::advance();
    if (isa<scf::IfOp>(op) || needs(op, resource))
      return WalkResult::interrupt();
    if (auto inner = dyn_cast<scf::ForOp>(op); inner && !runsAtLeastOnce(inner))
      return WalkResult::interrupt();
    bool sets = llvm::any_of(getSettings(op), [&](const EngineSetting &s) {
      return s.resource == resource;
    });
    if (!sets)
      return WalkResult::advance();
    auto setting = getMovableSetting(op);
    // The call in an inner loop is that loop's own.
    Operation *parent = op->getParentOp();
    if (isa<tt::SectionOp>(parent) && parent != loop && !repeats(parent))
      parent = parent->getParentOp();
    if (setting && setting->value && parent == loop)
      first = op;
    return WalkResult::interrupt();
  });
  return first;
}

/// Moves calls out of `loop`, entered with `state`, or to its end; whether
/// there were any.
static bool rotate(Operation *loop, EngineState &state) {
  Block &body = loop->getRegion(0).front();
  auto ignore = [](Operation *, const EngineState &) { return false; };
  bool moved = false;
  for (unsigned i = 0; i < kNumEngineResources; ++i) {
    auto resource = static_cast<EngineResource>(i);
    Operation *first = findFirstSetting(loop, resource);
    if (!first)
      continue;
    Attribute value = getMovableSetting(first)->value;
    if (flowEngine(body, {}, ignore)[resource] == value) {
      first->moveBefore(loop);
      state[resource] = value;
      moved = true;
    } else if (state[resource] == value &&
               !isa<KernelOp>(loop->getParentOp()) &&
               !(isa<tt::SectionOp>(loop) &&
                 resource == EngineResource::Packer)) {
      // Formats of the packer stand at the packs of a section.
      first->moveBefore(body.getTerminator());
      moved = true;
    }
  }
  return moved;
}

/// Inner loops first: what a loop leaves behind decides about the ones around
/// it, while a call that leaves an outer loop changes nothing behind it.
static bool rotateIn(Block &block, EngineState state) {
  auto ignore = [](Operation *, const EngineState &) { return false; };
  bool moved = false;
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (isa<scf::ForOp, tt::SectionOp>(op)) {
      Block &body = op.getRegion(0).front();
      EngineState head = state;
      if (repeats(&op))
        head.meet(flowEngine(body, head, ignore));
      moved |= rotateIn(body, head);
      if (repeats(&op))
        moved |= rotate(&op, state);
    }
    flowThrough(op, state);
  }
  return moved;
}

/// A circular buffer that gives `resource` that value; null if there is none.
static Value findBuffer(KernelOp kernel, EngineResource resource,
                        Attribute value) {
  Value found;
  kernel.walk([&](CBRefOp ref) {
    Attribute format = getFormat(ref.getCb());
    if (resource == EngineResource::Packer && format)
      format = cast<ArrayAttr>(format)[0];
    if (!found && format == value)
      found = ref.getCb();
  });
  return found;
}

/// The start-up call sets what the loop over work items leaves behind.
static void startAsLoopEnds(KernelOp kernel) {
  ComputeKernelHwStartupOp startup;
  scf::ForOp items;
  for (Operation &op : *kernel.getBodyBlock()) {
    if (auto start = dyn_cast<ComputeKernelHwStartupOp>(op))
      startup = start;
    if (op.getNumRegions() == 0)
      continue;
    // What runs before the loop relies on the first formats.
    if (items || !isa<scf::ForOp>(op))
      return;
    items = cast<scf::ForOp>(op);
  }
  if (!startup || !items)
    return;
  auto ignore = [](Operation *, const EngineState &) { return false; };
  EngineState begin, end = flowEngine(*items.getBody(), {}, ignore);
  begin.apply(getSettings(startup));
  auto choose = [&](EngineResource resource, Value now) {
    if (!end[resource] || end[resource] == begin[resource])
      return now;
    Value buffer = findBuffer(kernel, resource, end[resource]);
    return buffer ? buffer : now;
  };
  Value in0 = startup.getIn0(), in1 = startup.getIn1();
  bool reverse = startup.getReverse();
  Value a = choose(EngineResource::SourceA, reverse && in1 ? in1 : in0);
  Value b = choose(EngineResource::SourceB, reverse || !in1 ? in0 : in1);
  Value out = choose(EngineResource::Packer, startup.getOut());
  OpBuilder builder(startup);
  Value first = reverse ? b : a, second = reverse ? a : b;
  if (first == second && !reverse)
    second = {};
  ComputeKernelHwStartupOp::create(builder, startup.getLoc(), first, second,
                                   out, reverse);
  startup.erase();
}

//===----------------------------------------------------------------------===//
// What is not set any more
//===----------------------------------------------------------------------===//

/// Sets again, right before it, what an operation of a section needs and does
/// not find on every path; whether there was any. The packer's resources, which
/// sections set, are left alone.
static bool restoreMissing(KernelOp kernel, bool fast) {
  bool restored = false;
  flowEngine(
      *kernel.getBodyBlock(), {}, [&](Operation *op, const EngineState &state) {
        for (const TileCall &call : getSectionCalls(op, fast))
          for (const EngineSetting &need : getNeeds(op->getContext(), call)) {
            if (!need.value || state[need.resource] == need.value)
              continue;
            OpBuilder builder(op);
            createSetUp(builder, op, call, need.resource);
            restored = true;
          }
        return false;
      });
  return restored;
}

/// What a call that moved to the end of its loop leaves behind may let another
/// one move; a loop nest settles in a few rounds.
static constexpr int kMaxRounds = 4;

void elideInits(KernelOp kernel, bool fast) {
  hoistAll(kernel);
  auto rotateAll = [&] {
    for (int round = 0; round < kMaxRounds; ++round)
      if (!rotateIn(*kernel.getBodyBlock(), {}))
        break;
  };
  rotateAll();
  for (int round = 0; round < kMaxRounds && restoreMissing(kernel, fast);
       ++round) {
    dropRepeated(kernel);
    rotateAll();
  }
  startAsLoopEnds(kernel);
  // Each round adds calls in front of operations that have none.
  for (int round = 0; round < 2 * kMaxRounds && restoreMissing(kernel, fast);
       ++round)
    continue;
  dropRepeated(kernel);
}

//===----------------------------------------------------------------------===//
// Pairs
//===----------------------------------------------------------------------===//

void mergeReconfigs(KernelOp kernel) {
  SmallVector<ReconfigDataFormatSrcaOp> calls;
  kernel.walk([&](ReconfigDataFormatSrcaOp call) { calls.push_back(call); });
  for (ReconfigDataFormatSrcaOp a : calls) {
    auto b = dyn_cast_or_null<ReconfigDataFormatSrcbOp>(a->getNextNode());
    if (!b)
      continue;
    bool matmul = b->getNextNode() &&
                  isa<MatmulBlockInitOp, MatmulInitOp>(b->getNextNode());
    Value first = matmul ? b.getIn() : a.getIn();
    Value second = matmul ? a.getIn() : b.getIn();
    OpBuilder builder(a);
    ReconfigDataFormatOp::create(builder, a.getLoc(), first, second, matmul);
    a.erase();
    b.erase();
  }
}

} // namespace tilewright
