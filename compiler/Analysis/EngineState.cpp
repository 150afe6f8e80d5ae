//===- EngineState.cpp - What the compute engine is set up for ------------===//

#include "compiler/Analysis/EngineState.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tilewright::metalium;

namespace tilewright {

using Resource = EngineResource;

StringRef describe(EngineResource resource) {
  switch (resource) {
  case Resource::SourceA:
    return "the format of SrcA";
  case Resource::SourceB:
    return "the format of SrcB";
  case Resource::Operation:
    return "the operation of unpackers and matrix unit";
  case Resource::Vector:
    return "the function of the vector unit";
  case Resource::Packer:
    return "the format of the packer";
  case Resource::L1Accumulate:
    return "packer accumulation";
  }
  llvm_unreachable("every resource has a name");
}

Attribute getFormat(Value cb) {
  auto ref = cb.getDefiningOp<CBRefOp>();
  CircularBufferOp buffer = ref ? ref.getCircularBuffer() : CircularBufferOp();
  if (!buffer)
    return {};
  Builder builder(buffer.getContext());
  return builder.getArrayAttr(
      {tt::DataFormatAttr::get(buffer.getContext(), buffer.getDataFormat()),
       builder.getBoolAttr(buffer.getUnpackToDestFp32())});
}

/// What the packer is set to for `cb`: where tiles go later does not matter.
static Attribute getPackFormat(Value cb) {
  auto format = dyn_cast_or_null<ArrayAttr>(getFormat(cb));
  return format ? format[0] : Attribute();
}

bool isMatmul(StringRef mnemonic) {
  mnemonic.consume_front("metalium.");
  return mnemonic.starts_with("matmul_") || mnemonic.starts_with("mm_");
}

/// The value of the operation that `init`, with these operands, sets up.
static Attribute getOperation(MLIRContext *context, const CallRecord &init,
                              ArrayRef<Value> cbs,
                              ArrayRef<NamedAttribute> attributes) {
  Builder builder(context);
  SmallVector<Attribute> parts = {builder.getStringAttr(init.opName)};
  for (const CallArg &arg : init.attributes)
    for (NamedAttribute attribute : attributes)
      if (attribute.getName() == arg.name)
        parts.push_back(attribute.getValue());
  for (Value cb : cbs) {
    Attribute format = getFormat(cb);
    if (!format)
      return {};
    parts.push_back(format);
  }
  return builder.getArrayAttr(parts);
}

/// An init that only loads what a function of the vector unit needs.
static bool setsVectorUnit(const CallRecord &init) {
  return init.category == "init" && init.threads == "math" &&
         init.opName != TransposeDestInitOp::getOperationName();
}

//===----------------------------------------------------------------------===//
// Needs
//===----------------------------------------------------------------------===//

EngineSettings getNeeds(MLIRContext *context, const TileCall &call) {
  EngineSettings needs;
  const CallRecord &record = call.record(context);
  if (record.threads == "pack") {
    if (record.category == "compute" && !call.cbs.empty())
      needs.push_back({Resource::Packer, getPackFormat(call.cbs.front())});
    return needs;
  }
  if (record.category != "compute" || record.init.empty())
    return needs;
  bool destIsSrcA = false;
  for (NamedAttribute attribute : call.attributes)
    if (auto reuse = dyn_cast<DestReuseAttr>(attribute.getValue()))
      destIsSrcA = reuse.getValue() == DestReuse::DEST_TO_SRCA;
  if (call.cbs.size() == 2) {
    bool swapped = isMatmul(record.opName);
    needs.push_back({Resource::SourceA, getFormat(call.cbs[swapped ? 1 : 0])});
    needs.push_back({Resource::SourceB, getFormat(call.cbs[swapped ? 0 : 1])});
  } else if (call.cbs.size() == 1) {
    // The unpacker spreads a tile through SrcB and moves it through either.
    bool both = record.init == "unary_bcast_init";
    if (!destIsSrcA)
      needs.push_back({Resource::SourceA, getFormat(call.cbs[0])});
    if (both || destIsSrcA)
      needs.push_back({Resource::SourceB, getFormat(call.cbs[0])});
  }
  const CallRecord &init = *findCall(record.init, context);
  needs.push_back(
      {setsVectorUnit(init) ? Resource::Vector : Resource::Operation,
       getOperation(context, init, call.cbs, call.attributes)});
  return needs;
}

EngineSettings getNeeds(Operation *op) {
  auto call = dyn_cast<MetaliumCallOpInterface>(op);
  if (!call)
    return {};
  return getNeeds(op->getContext(), getTileCall(call));
}

//===----------------------------------------------------------------------===//
// Settings
//===----------------------------------------------------------------------===//

bool isStartup(Operation *op) {
  return isa<ComputeKernelHwStartupOp, BinaryOpInitCommonOp,
             UnaryOpInitCommonOp, InitSfpuOp, MmInitOp, MmBlockInitOp>(op);
}

/// What a start-up sets: the formats `a` and `b` of SrcA and SrcB, the
/// packer's, and the operation (null when it leaves none).
static EngineSettings startup(Value a, Value b, Value out,
                              Attribute operation = {}) {
  Builder builder(out.getContext());
  return {{Resource::SourceA, getFormat(a)},
          {Resource::SourceB, getFormat(b)},
          {Resource::Packer, getPackFormat(out)},
          {Resource::Operation, operation},
          {Resource::L1Accumulate, builder.getBoolAttr(false)}};
}

/// What `init` as the set-up of `name` would set, for start-ups that include
/// it.
static Attribute operationOf(Operation *op, StringRef name,
                             ArrayRef<Value> cbs) {
  return getOperation(op->getContext(), *findCall(name, op->getContext()), cbs,
                      op->getAttrs());
}

EngineSettings getSettings(Operation *op) {
  auto call = dyn_cast<MetaliumCallOpInterface>(op);
  if (!call || call.getCallRecord().category != "init")
    return {};
  Builder builder(op->getContext());
  return llvm::TypeSwitch<Operation *, EngineSettings>(op)
      .Case([](ComputeKernelHwStartupOp start) {
        Value in0 = start.getIn0(), in1 = start.getIn1();
        if (!in1)
          in1 = in0;
        return start.getReverse() ? startup(in1, in0, start.getOut())
                                  : startup(in0, in1, start.getOut());
      })
      .Case([](BinaryOpInitCommonOp start) {
        return startup(start.getIn0(), start.getIn1(), start.getOut());
      })
      .Case<UnaryOpInitCommonOp, InitSfpuOp>([&](auto start) {
        return startup(start.getIn(), start.getIn(), start.getOut(),
                       operationOf(op, "copy_init", {start.getIn()}));
      })
      .Case([&](MmInitOp start) {
        Value a = start.getIn0(), b = start.getIn1();
        return startup(b, a, start.getOut(),
                       operationOf(op, "matmul_init", {a, b}));
      })
      .Case([&](MmBlockInitOp start) {
        Value a = start.getIn0(), b = start.getIn1();
        return startup(b, a, start.getOut(),
                       operationOf(op, "matmul_block_init", {a, b}));
      })
      .Case([](ReconfigDataFormatOp config) {
        Value a = config.getIn0(), b = config.getIn1();
        if (config.getReverse())
          std::swap(a, b);
        return EngineSettings{{Resource::SourceA, getFormat(a)},
                              {Resource::SourceB, getFormat(b)}};
      })
      .Case([](ReconfigDataFormatSrcaOp config) {
        return EngineSettings{{Resource::SourceA, getFormat(config.getIn())}};
      })
      .Case([](ReconfigDataFormatSrcbOp config) {
        return EngineSettings{{Resource::SourceB, getFormat(config.getIn())}};
      })
      .Case([](PackReconfigDataFormatOp config) {
        return EngineSettings{
            {Resource::Packer, getPackFormat(config.getOut())}};
      })
      .Case([&](PackReconfigL1AccOp config) {
        return EngineSettings{
            {Resource::L1Accumulate, builder.getBoolAttr(config.getEnable())}};
      })
      .Default([&](Operation *) -> EngineSettings {
        const CallRecord &record = call.getCallRecord();
        if (record.threads == "pack")
          return {};
        SmallVector<Value> cbs;
        for (auto [index, arg] : llvm::enumerate(record.operands))
          if (arg.name != "out")
            llvm::append_range(cbs, call.getCallOperandGroup(index));
        return {
            {setsVectorUnit(record) ? Resource::Vector : Resource::Operation,
             getOperation(op->getContext(), record, cbs, op->getAttrs())}};
      });
}

//===----------------------------------------------------------------------===//
// Dataflow
//===----------------------------------------------------------------------===//

bool repeats(Operation *op) {
  auto section = dyn_cast<tt::SectionOp>(op);
  if (!section)
    return true;
  auto block = cast<tt::BlockType>(section.getResult(0).getType());
  return block.getRows() != section.getSubblock().getRows() ||
         block.getCols() != section.getSubblock().getCols();
}

bool runsAtLeastOnce(Operation *op) {
  auto loop = dyn_cast<scf::ForOp>(op);
  if (!loop)
    return true;
  auto lower = getConstantIntValue(loop.getLowerBound());
  auto upper = getConstantIntValue(loop.getUpperBound());
  return lower && upper && *lower < *upper;
}

/// Takes `state` over one operation and what it holds.
static void flowOperation(Operation &op, EngineState &state,
                          EngineVisitor visit) {
  auto ignore = [](Operation *, const EngineState &) { return false; };
  if (isa<scf::ForOp, tt::SectionOp>(op)) {
    Block &body = op.getRegion(0).front();
    EngineState head = state;
    if (repeats(&op))
      for (EngineState last = {}; !(last == head);) {
        last = head;
        head.meet(flowEngine(body, head, ignore));
      }
    EngineState end = flowEngine(body, head, visit);
    if (!runsAtLeastOnce(&op))
      end.meet(state);
    state = end;
    return;
  }
  if (auto branch = dyn_cast<scf::IfOp>(op)) {
    EngineState after = flowEngine(*branch.thenBlock(), state, visit);
    after.meet(branch.elseBlock()
                   ? flowEngine(*branch.elseBlock(), state, visit)
                   : state);
    state = after;
    return;
  }
  // The visitor may erase the operation.
  EngineSettings settings = getSettings(&op);
  if (!visit(&op, state))
    state.apply(settings);
}

EngineState flowEngine(Block &block, EngineState state, EngineVisitor visit) {
  for (Operation &op : llvm::make_early_inc_range(block))
    flowOperation(op, state, visit);
  return state;
}

void flowThrough(Operation &op, EngineState &state) {
  flowOperation(op, state,
                [](Operation *, const EngineState &) { return false; });
}

} // namespace tilewright
