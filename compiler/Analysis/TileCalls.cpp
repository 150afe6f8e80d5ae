//===- TileCalls.cpp - Which call does a tile operation -------------------===//

#include "compiler/Analysis/TileCalls.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;

namespace tilewright {

using metalium::CallArg;
using metalium::CallRecord;

const CallRecord &TileCall::record(MLIRContext *context) const {
  return *metalium::findCall(mnemonic, context);
}

Value getSourceCB(Value block) {
  if (auto receive = block.getDefiningOp<tt::ReceiveOp>())
    return receive.getCb();
  return {};
}

bool isLoad(Operation *op) {
  auto cast = dyn_cast<tt::CastOp>(op);
  return cast && getSourceCB(cast.getOperand());
}

bool isConversion(tt::CastOp cast) {
  Type from = cast.getOperand().getType().getElement();
  Type to = cast.getResult().getType().getElement();
  return from != to && (!isa<FloatType>(from) || !isa<FloatType>(to));
}

bool isImplicitZero(tt::FillOp fill) {
  if (!matchPattern(fill.getValue(), m_AnyZeroFloat()) &&
      !matchPattern(fill.getValue(), m_Zero()))
    return false;
  SmallVector<Value> values = {fill.getResult()};
  while (!values.empty()) {
    Value value = values.pop_back_val();
    for (OpOperand &use : value.getUses()) {
      if (auto mma = dyn_cast<tt::MmaOp>(use.getOwner())) {
        if (use.get() != mma.getAcc())
          return false;
        continue;
      }
      auto loop = dyn_cast<scf::ForOp>(use.getOwner());
      if (!loop || use.getOperandNumber() < loop.getNumControlOperands())
        return false;
      values.push_back(loop.getTiedLoopRegionIterArg(&use));
    }
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Names of the calls
//===----------------------------------------------------------------------===//

static StringRef unaryCall(tt::UnaryKind kind) {
  switch (kind) {
  case tt::UnaryKind::Exp:
    return "exp_tile";
  case tt::UnaryKind::Exp2:
    return "exp2_tile";
  case tt::UnaryKind::Log:
    return "log_tile";
  case tt::UnaryKind::Log2:
    return "log_with_base_tile";
  case tt::UnaryKind::Sqrt:
    return "sqrt_tile";
  case tt::UnaryKind::Rsqrt:
    return "rsqrt_tile";
  case tt::UnaryKind::Recip:
    return "recip_tile";
  case tt::UnaryKind::Sigmoid:
    return "sigmoid_tile";
  case tt::UnaryKind::Tanh:
    return "tanh_tile";
  case tt::UnaryKind::Erf:
    return "erf_tile";
  case tt::UnaryKind::Gelu:
    return "gelu_tile";
  case tt::UnaryKind::Silu:
    return "silu_tile";
  case tt::UnaryKind::Relu:
    return "relu_tile";
  case tt::UnaryKind::Abs:
    return "abs_tile";
  case tt::UnaryKind::Neg:
    return "negative_tile";
  case tt::UnaryKind::Square:
    return "square_tile";
  case tt::UnaryKind::Sin:
    return "sin_tile";
  case tt::UnaryKind::Cos:
    return "cos_tile";
  case tt::UnaryKind::Floor:
    return "floor_tile";
  case tt::UnaryKind::Ceil:
    return "ceil_tile";
  }
  llvm_unreachable("every unary kind has a call");
}

static StringRef binaryCall(tt::BinaryKind kind) {
  switch (kind) {
  case tt::BinaryKind::Add:
    return "add_binary_tile";
  case tt::BinaryKind::Sub:
    return "sub_binary_tile";
  case tt::BinaryKind::Mul:
    return "mul_binary_tile";
  case tt::BinaryKind::Div:
    return "div_binary_tile";
  case tt::BinaryKind::Max:
    return "binary_max_tile";
  case tt::BinaryKind::Min:
    return "binary_min_tile";
  case tt::BinaryKind::Pow:
    return "power_binary_tile";
  }
  llvm_unreachable("every binary kind has a call");
}

/// Whole powers up to this are made by repeated multiplication.
static constexpr float kMaxWholePower = 16;

static bool isSmallWhole(float value) {
  return value >= 0 && value <= kMaxWholePower && value == std::floor(value);
}

/// D4 rewrites a division whose reciprocal is not exact.
static StringRef scalarCall(tt::ScalarKind kind) {
  switch (kind) {
  case tt::ScalarKind::Add:
    return "add_unary_tile";
  case tt::ScalarKind::Sub:
    return "sub_unary_tile";
  case tt::ScalarKind::RSub:
    return "rsub_unary_tile";
  case tt::ScalarKind::Mul:
    return "mul_unary_tile";
  case tt::ScalarKind::Div:
    return "div_unary_tile";
  case tt::ScalarKind::Max:
    return "unary_max_tile";
  case tt::ScalarKind::Min:
    return "unary_min_tile";
  case tt::ScalarKind::Pow:
    return "power_tile";
  }
  llvm_unreachable("every scalar kind has a call");
}

static StringRef fpuCall(tt::FpuKind kind, tt::Broadcast bcast) {
  static constexpr StringRef names[3][4] = {
      {"add_tiles", "add_tiles_bcast_rows", "add_tiles_bcast_cols",
       "add_tiles_bcast_scalar"},
      {"sub_tiles", "sub_tiles_bcast_rows", "sub_tiles_bcast_cols",
       "sub_tiles_bcast_scalar"},
      {"mul_tiles", "mul_tiles_bcast_rows", "mul_tiles_bcast_cols",
       "mul_tiles_bcast_scalar"}};
  return names[static_cast<int>(kind)][static_cast<int>(bcast)];
}

//===----------------------------------------------------------------------===//
// Calls of operations
//===----------------------------------------------------------------------===//

namespace {
/// Builds the call of one operation.
struct CallBuilder {
  TileShape shape;
  bool fast;
  Builder builder;
  TileCall call = {};

  void name(StringRef mnemonic) { call.mnemonic = mnemonic; }
  void attribute(StringRef name, Attribute value) {
    call.attributes.push_back(builder.getNamedAttr(name, value));
  }
  void integer(StringRef name, int64_t value) {
    attribute(name, builder.getI64IntegerAttr(value));
  }
  void flag(StringRef name, bool value) {
    if (value)
      attribute(name, builder.getUnitAttr());
  }

  bool visit(Operation *op) {
    return llvm::TypeSwitch<Operation *, bool>(op)
        .Case<tt::MmaOp, tt::FpuOp, tt::CastOp, tt::BcastOp, tt::TransposeOp,
              tt::FillOp, tt::SfpuUnaryOp, tt::SfpuScalarOp, tt::SfpuBinaryOp>(
            [&](auto typed) { return build(typed); })
        .Default([](Operation *) { return false; });
  }

  bool from(std::initializer_list<Value> blocks) {
    for (Value block : blocks) {
      Value cb = getSourceCB(block);
      if (!cb)
        return false;
      call.cbs.push_back(cb);
    }
    return true;
  }

  bool build(tt::MmaOp op) {
    name("matmul_block");
    flag("transpose", op.getTransposeB());
    integer("ct", shape.cols);
    integer("rt", shape.rows);
    integer("kt", op.getA().getType().getCols());
    return from({op.getA(), op.getB()});
  }
  bool build(tt::FpuOp op) {
    name(fpuCall(op.getKind(), op.getBcast()));
    return from({op.getLhs(), op.getRhs()});
  }
  bool build(tt::CastOp op) {
    if (isLoad(op)) {
      name("copy_tile");
      return from({op.getOperand()});
    }
    if (!isConversion(op))
      return false;
    name("typecast_tile");
    auto format = [&](StringRef which, Value block) {
      auto known =
          tt::getDataFormat(cast<tt::BlockType>(block.getType()).getElement());
      attribute(which,
                tt::DataFormatAttr::get(builder.getContext(),
                                        known.value_or(tt::DataFormat())));
    };
    format("from", op.getOperand());
    format("to", op.getResult());
    return true;
  }
  bool build(tt::BcastOp op) {
    name("unary_bcast");
    auto type =
        op.getBcast() == tt::Broadcast::Row   ? metalium::BroadcastType::ROW
        : op.getBcast() == tt::Broadcast::Col ? metalium::BroadcastType::COL
                                              : metalium::BroadcastType::SCALAR;
    attribute("bcast",
              metalium::BroadcastTypeAttr::get(builder.getContext(), type));
    return from({op.getOperand()});
  }
  bool build(tt::TransposeOp op) {
    name("transpose_tile");
    return from({op.getOperand()});
  }
  bool build(tt::FillOp op) {
    if (isImplicitZero(op))
      return false;
    APFloat value(0.0f);
    if (auto real = dyn_cast<FloatAttr>(op.getValue()))
      value = real.getValue();
    else if (auto integer = dyn_cast<IntegerAttr>(op.getValue()))
      value = APFloat(static_cast<float>(integer.getValue().getSExtValue()));
    bool exact;
    value.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &exact);
    name(value.isFinite() ? "fill_tile" : "fill_tile_bitcast");
    attribute("value", builder.getFloatAttr(builder.getF32Type(), value));
    return true;
  }
  bool build(tt::SfpuUnaryOp op) {
    tt::UnaryKind kind = op.getKind();
    name(unaryCall(kind));
    flag("fast",
         fast && (kind == tt::UnaryKind::Exp || kind == tt::UnaryKind::Gelu ||
                  kind == tt::UnaryKind::Erf));
    if (kind == tt::UnaryKind::Log2)
      attribute("value", builder.getF32FloatAttr(1.0 / std::log(2.0)));
    return true;
  }
  bool build(tt::SfpuScalarOp op) {
    name(scalarCall(op.getKind()));
    float value = op.getValue().convertToFloat();
    if (op.getKind() == tt::ScalarKind::Pow && isSmallWhole(value)) {
      name("power_iterative_tile");
      integer("exponent", static_cast<int64_t>(value));
    } else {
      attribute("value", builder.getF32FloatAttr(
                             op.getKind() == tt::ScalarKind::Div ? 1.0f / value
                                                                 : value));
    }
    return true;
  }
  bool build(tt::SfpuBinaryOp op) {
    name(binaryCall(op.getKind()));
    return true;
  }
};
} // namespace

std::optional<TileCall> getTileCall(Operation *op, TileShape shape, bool fast) {
  CallBuilder builder{shape, fast, Builder(op->getContext())};
  if (!builder.visit(op))
    return std::nullopt;
  return builder.call;
}

TileCall getTileCall(metalium::MetaliumCallOpInterface op) {
  const CallRecord &record = op.getCallRecord();
  TileCall call{record.opName, {}, {}};
  for (auto [index, arg] : llvm::enumerate(record.operands))
    if (arg.kind.empty())
      llvm::append_range(call.cbs, op.getCallOperandGroup(index));
  for (const CallArg &arg : record.attributes)
    if (Attribute value = op->getAttr(arg.name))
      call.attributes.push_back(
          NamedAttribute(StringAttr::get(op->getContext(), arg.name), value));
  return call;
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

/// Adds the attributes of `call` that `record` names.
static void addAttributes(OperationState &state, const CallRecord &record,
                          const TileCall &call) {
  for (const CallArg &arg : record.attributes)
    for (NamedAttribute attribute : call.attributes)
      if (attribute.getName() == arg.name)
        state.addAttribute(arg.name, attribute.getValue());
}

Operation *createCall(OpBuilder &builder, Location loc, const TileCall &call,
                      ValueRange indices) {
  const CallRecord &record = call.record(builder.getContext());
  OperationState state(loc, record.opName);
  state.addOperands(call.cbs);
  state.addOperands(indices);
  addAttributes(state, record, call);
  return builder.create(state);
}

Operation *createInit(OpBuilder &builder, Location loc, const TileCall &call,
                      Value out) {
  const CallRecord &record = call.record(builder.getContext());
  if (record.init.empty())
    return nullptr;
  const CallRecord &init =
      *metalium::findCall(record.init, builder.getContext());
  OperationState state(loc, init.opName);
  size_t next = 0;
  for (const CallArg &arg : init.operands)
    state.addOperands(arg.name == "out" ? out : call.cbs[next++]);
  addAttributes(state, init, call);
  return builder.create(state);
}

} // namespace tilewright
