//===- InsertComputeInitElide.cpp - Fewer init and reconfig calls ---------===//
//
// Removes set-up calls without changing what any compute call finds set:
//
//   1. Innermost first: where all calls in a loop (or in a section, which runs
//      once a sub-block) that set one resource set the same value, one of them
//      moves in front of the loop and the others go.
//   2. Forward dataflow of the engine's state (EngineState.h). At the head of a
//      loop holds what the entry and the end of the body agree on; a call that
//      sets what is set already goes.
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

void elideInits(KernelOp kernel) {
  hoistAll(kernel);
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
