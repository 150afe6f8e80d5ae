//===- InsertComputeInit.cpp - Pass D4: start-up, init and reconfig calls -===//
//
// Materialise, then elide:
//
//   1. Each section is brought into a form where each operation is one call
//      (InsertComputeInitSections.cpp).
//   2. Right before each operation stand the calls that set the engine up for
//      it: formats of SrcA and SrcB, then the operation; before the end of the
//      section the format of the packer for each result. Around accumulating
//      sections stands the switch of the packer
//      (InsertComputeInitAccumulate.cpp).
//   3. The start-up call goes to the top of the kernel.
//   4. Unless `elide` is off, what is set already is not set again, and what a
//      loop needs only one value of moves out of it; the start-up call sets the
//      formats that the loop over work items ends with, so that its first
//      iteration finds what the others find (InsertComputeInitElide.cpp).
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/InsertComputeInit.h"

#include "compiler/Analysis/DstAllocation.h"
#include "compiler/Analysis/EngineState.h"
#include "compiler/Passes/D_SplitAndProtocol/Passes.h"
#include "compiler/Support/Codes/StageD.h"
#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace tilewright;
using namespace tilewright::metalium;

namespace tilewright {
#define GEN_PASS_DEF_INSERTCOMPUTEINIT
#include "compiler/Passes/D_SplitAndProtocol/Passes.h.inc"
} // namespace tilewright

/// One handle for each circular buffer, at the start of the kernel, so that
/// calls can be placed anywhere.
static void gatherHandles(KernelOp kernel) {
  Block *body = kernel.getBodyBlock();
  llvm::StringMap<CBRefOp> handles;
  SmallVector<CBRefOp> refs;
  kernel.walk([&](CBRefOp ref) { refs.push_back(ref); });
  Operation *last = nullptr;
  for (CBRefOp ref : refs) {
    auto [found, isNew] = handles.try_emplace(ref.getName(), ref);
    if (!isNew) {
      ref.replaceAllUsesWith(found->second.getCb());
      ref.erase();
      continue;
    }
    if (last)
      ref->moveAfter(last);
    else
      ref->moveBefore(body, body->begin());
    last = ref;
  }
}

/// Whether `op` stands in a section and is done without any call.
static bool needsNoCall(Operation *op) {
  if (auto cast = dyn_cast<tt::CastOp>(op))
    return !isLoad(op) && !isConversion(cast);
  if (auto fill = dyn_cast<tt::FillOp>(op))
    return isImplicitZero(fill);
  return isa<tt::ReceiveOp, tt::YieldOp>(op);
}

namespace tilewright {

SmallVector<TileCall, 2> getSectionCalls(Operation *op, bool fast) {
  auto section = op->getParentOfType<tt::SectionOp>();
  if (!section || !isa<tt::TTDialect>(op->getDialect()) || needsNoCall(op))
    return {};
  tt::SubblockAttr subblock = section.getSubblock();
  TileShape shape = getPart(op->getResult(0), getSectionShape(section),
                            {subblock.getRows(), subblock.getCols()});
  return getTileCalls(op, shape, fast);
}

void createSetUp(OpBuilder &builder, Operation *op, const TileCall &call,
                 EngineResource resource) {
  Location loc = op->getLoc();
  bool two = call.cbs.size() == 2, matmul = isMatmul(call.mnemonic);
  switch (resource) {
  case EngineResource::SourceA:
    ReconfigDataFormatSrcaOp::create(builder, loc,
                                     call.cbs[two && matmul ? 1 : 0]);
    return;
  case EngineResource::SourceB:
    ReconfigDataFormatSrcbOp::create(builder, loc,
                                     call.cbs[two && !matmul ? 1 : 0]);
    return;
  case EngineResource::Operation:
  case EngineResource::Vector:
    createInit(builder, loc, call,
               op->getParentOfType<tt::SectionOp>().getOuts().front());
    return;
  case EngineResource::Packer:
  case EngineResource::L1Accumulate:
    return; // placed by sections
  }
}

} // namespace tilewright

namespace {
/// Plain placement in one section.
struct SectionInits {
  tt::SectionOp section;
  bool fast;
  /// The first call that unpacks, for the start-up.
  std::optional<TileCall> first = std::nullopt;

  LogicalResult insert() {
    SmallVector<Operation *> ops;
    section.getBody().walk([&](Operation *op) {
      if (isa<tt::TTDialect>(op->getDialect()) && !needsNoCall(op))
        ops.push_back(op);
    });
    for (Operation *op : ops)
      if (failed(insertBefore(op)))
        return failure();
    Operation *end = section.getBody().front().getTerminator();
    OpBuilder builder(end);
    for (Value out : section.getOuts())
      PackReconfigDataFormatOp::create(builder, section.getLoc(), out);
    return success();
  }

  LogicalResult insertBefore(Operation *op) {
    SmallVector<TileCall, 2> calls = getSectionCalls(op, fast);
    if (calls.empty())
      return emitCoded(op, Code::OperandNotInCB)
             << "'" << op->getName()
             << "' takes a block that was computed in the same section; the "
                "matrix unit and the unpackers take blocks from circular "
                "buffers only";
    for (const TileCall &call : calls)
      insertBefore(op, call);
    return success();
  }

  /// The calls that set the engine up for `call`.
  void insertBefore(Operation *op, const TileCall &call) {
    OpBuilder builder(op);
    if (!first && !call.cbs.empty())
      first = call;
    for (const EngineSetting &need : getNeeds(op->getContext(), call))
      createSetUp(builder, op, call, need.resource);
  }
};

struct InsertComputeInit
    : tilewright::impl::InsertComputeInitBase<InsertComputeInit> {
  using InsertComputeInitBase::InsertComputeInitBase;

  void runOnOperation() override {
    std::optional<ApiGeneration> api = parseApiGeneration(metaliumApi);
    if (!api) {
      emitCoded(getOperation(), Code::UnknownMetaliumApi)
          << "'" << metaliumApi
          << "' is not a generation of the TT-Metalium API; there are 2026-03 "
             "and 2026-08";
      return signalPassFailure();
    }
    WalkResult result = getOperation()->walk([&](KernelOp kernel) {
      if (kernel.getRole() != KernelRole::Compute)
        return WalkResult::advance();
      return failed(run(kernel, *api)) ? WalkResult::interrupt()
                                       : WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }

  LogicalResult run(KernelOp kernel, ApiGeneration api) {
    ComputeConfigAttr config = kernel->getParentOfType<ProgramOp>().getConfig();
    SmallVector<tt::SectionOp> sections;
    kernel.walk([&](tt::SectionOp section) { sections.push_back(section); });
    if (sections.empty())
      return emitCoded(kernel, Code::NoSection)
             << "kernel '" << kernel.getSymName() << "' computes nothing";
    gatherHandles(kernel);
    std::optional<TileCall> first;
    for (tt::SectionOp section : sections) {
      if (failed(prepareSection(section, config.dstTiles(), api)))
        return failure();
      SectionInits inits{section, config.getMathApproxMode()};
      if (failed(inits.insert()))
        return failure();
      if (!first)
        first = inits.first;
    }
    if (failed(insertL1Accumulate(kernel, elide)))
      return failure();
    insertStartup(kernel, first, sections.front(), api);
    if (elide)
      elideInits(kernel, config.getMathApproxMode());
    mergeReconfigs(kernel);
    return success();
  }

  /// The one call that sets up the whole engine, before anything that runs.
  /// The generation of 2026-03 has one for each kind of operation.
  void insertStartup(KernelOp kernel, const std::optional<TileCall> &first,
                     tt::SectionOp section, ApiGeneration api) {
    Operation *position = &kernel.getBodyBlock()->front();
    while (isPure(position))
      position = position->getNextNode();
    OpBuilder builder(position);
    Location loc = section.getLoc();
    Value out = section.getOuts().front();
    Value in0 = first ? first->cbs.front() : out;
    Value in1 = first && first->cbs.size() == 2 ? first->cbs.back() : Value();
    bool matmul = first && isMatmul(first->mnemonic);
    if (api != ApiGeneration::M2026_03) {
      ComputeKernelHwStartupOp::create(builder, loc, in0, in1, out, matmul);
    } else if (matmul) {
      OperationState state(loc, MmBlockInitOp::getOperationName());
      state.addOperands({in0, in1, out});
      state.addAttributes(first->attributes);
      builder.create(state);
    } else if (in1) {
      BinaryOpInitCommonOp::create(builder, loc, in0, in1, out);
    } else {
      UnaryOpInitCommonOp::create(builder, loc, in0, out);
    }
  }
};
} // namespace
