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
  return isa<FloatType>(from) != isa<FloatType>(to);
}

bool isAlias(Operation *op) {
  auto cast = dyn_cast<tt::CastOp>(op);
  return cast && !isLoad(op) && !isConversion(cast);
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
  case tt::UnaryKind::Trunc:
    return "trunc_tile";
  case tt::UnaryKind::Round:
    return "round_tile";
  case tt::UnaryKind::Tan:
    return "tan_tile";
  case tt::UnaryKind::Sinh:
    return "sinh_tile";
  case tt::UnaryKind::Cosh:
    return "cosh_tile";
  case tt::UnaryKind::Atan:
    return "atan_tile";
  case tt::UnaryKind::Log10:
    return "log_with_base_tile";
  case tt::UnaryKind::Sign:
    return "sign_tile";
  case tt::UnaryKind::IsNan:
    return "isnan_tile";
  case tt::UnaryKind::IsInf:
    return "isinf_tile";
  case tt::UnaryKind::IsFinite:
    return "isfinite_tile";
  case tt::UnaryKind::Not:
    return "eqz_tile";
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
  case tt::BinaryKind::Eq:
    return "eq_binary_tile";
  case tt::BinaryKind::Ne:
    return "ne_binary_tile";
  case tt::BinaryKind::Lt:
    return "lt_binary_tile";
  case tt::BinaryKind::Le:
    return "le_binary_tile";
  case tt::BinaryKind::Gt:
    return "gt_binary_tile";
  case tt::BinaryKind::Ge:
    return "ge_binary_tile";
  case tt::BinaryKind::Rem:
    return "fmod_binary_tile";
  case tt::BinaryKind::And:
    return "bitwise_and_binary_tile";
  case tt::BinaryKind::Or:
    return "bitwise_or_binary_tile";
  case tt::BinaryKind::Xor:
    return "bitwise_xor_binary_tile";
  case tt::BinaryKind::Shl:
    return "binary_left_shift_tile";
  case tt::BinaryKind::Shr:
    return "binary_right_shift_tile";
  case tt::BinaryKind::LShr:
    return "binary_logical_right_shift_tile";
  case tt::BinaryKind::FloorDiv:
    return "div_int32_floor_tile";
  case tt::BinaryKind::Mod:
    return "remainder_int32_tile";
  }
  llvm_unreachable("every binary kind has a call");
}

/// The call on 32-bit integers; `isUnsigned` matters for an order.
static StringRef intBinaryCall(tt::BinaryKind kind, bool isUnsigned) {
  switch (kind) {
  case tt::BinaryKind::Add:
    return "add_int_tile";
  case tt::BinaryKind::Sub:
    return "sub_int_tile";
  case tt::BinaryKind::Mul:
    return "mul_int_tile";
  case tt::BinaryKind::Max:
    return isUnsigned ? "binary_max_uint32_tile" : "binary_max_int32_tile";
  case tt::BinaryKind::Min:
    return isUnsigned ? "binary_min_uint32_tile" : "binary_min_int32_tile";
  case tt::BinaryKind::Eq:
    return "eq_int32_tile";
  case tt::BinaryKind::Ne:
    return "ne_int32_tile";
  case tt::BinaryKind::Lt:
    return "lt_int32_tile";
  case tt::BinaryKind::Le:
    return "le_int32_tile";
  case tt::BinaryKind::Gt:
    return "gt_int32_tile";
  case tt::BinaryKind::Ge:
    return "ge_int32_tile";
  case tt::BinaryKind::Div:
    return "div_int32_trunc_tile";
  case tt::BinaryKind::FloorDiv:
    return "div_int32_floor_tile";
  case tt::BinaryKind::Rem:
    return "fmod_int32_tile";
  case tt::BinaryKind::Mod:
    return "remainder_int32_tile";
  default:
    return binaryCall(kind);
  }
}

/// The call on 32-bit integers with a constant; "" where there is none.
static StringRef intScalarCall(tt::BinaryKind kind) {
  switch (kind) {
  case tt::BinaryKind::Add:
    return "add_unary_tile_int32";
  case tt::BinaryKind::Sub:
    return "sub_unary_tile_int32";
  case tt::BinaryKind::Max:
    return "unary_max_int32_tile";
  case tt::BinaryKind::Min:
    return "unary_min_int32_tile";
  case tt::BinaryKind::Eq:
    return "unary_eq_tile_int32";
  case tt::BinaryKind::Ne:
    return "unary_ne_tile_int32";
  case tt::BinaryKind::Lt:
    return "unary_lt_tile_int32";
  case tt::BinaryKind::Le:
    return "unary_le_tile_int32";
  case tt::BinaryKind::Gt:
    return "unary_gt_tile_int32";
  case tt::BinaryKind::Ge:
    return "unary_ge_tile_int32";
  case tt::BinaryKind::And:
    return "bitwise_and_tile";
  case tt::BinaryKind::Or:
    return "bitwise_or_tile";
  case tt::BinaryKind::Xor:
    return "bitwise_xor_tile";
  case tt::BinaryKind::Shl:
    return "left_shift_tile";
  case tt::BinaryKind::Shr:
    return "right_shift_tile";
  default:
    return "";
  }
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
  case tt::ScalarKind::Eq:
    return "unary_eq_tile";
  case tt::ScalarKind::Ne:
    return "unary_ne_tile";
  case tt::ScalarKind::Lt:
    return "unary_lt_tile";
  case tt::ScalarKind::Le:
    return "unary_le_tile";
  case tt::ScalarKind::Gt:
    return "unary_gt_tile";
  case tt::ScalarKind::Ge:
    return "unary_ge_tile";
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
  void format(StringRef name, tt::DataFormat value) {
    attribute(name, tt::DataFormatAttr::get(builder.getContext(), value));
  }
  void flag(StringRef name, bool value) {
    if (value)
      attribute(name, builder.getUnitAttr());
  }

  bool visit(Operation *op) {
    return llvm::TypeSwitch<Operation *, bool>(op)
        .Case<tt::MmaOp, tt::FpuOp, tt::CastOp, tt::BcastOp, tt::TransposeOp,
              tt::FillOp, tt::FoldOp, tt::WhereOp, tt::SfpuUnaryOp,
              tt::SfpuScalarOp, tt::SfpuIntScalarOp, tt::SfpuBinaryOp,
              tt::SfpuReduceOp, tt::CopyOp, tt::CumsumOp>(
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
    // Floats in DST are fp32, whatever the packer makes of them.
    format("from", dstFormat(op.getOperand()));
    format("to", dstFormat(op.getResult()));
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
  bool build(tt::CopyOp op) {
    name("copy_dest_values");
    format("format", dstFormat(op.getOperand()));
    return true;
  }
  bool build(tt::CumsumOp) {
    name("cumsum_tile");
    return true;
  }
  bool build(tt::TransposeOp op) {
    if (op.isInDst()) {
      name("transpose_dest");
      flag("wide", true);
      return true;
    }
    name("transpose_tile");
    return from({op.getOperand()});
  }
  bool build(tt::FillOp op) {
    if (isImplicitZero(op))
      return false;
    APFloat value(0.0f);
    if (auto real = dyn_cast<FloatAttr>(op.getValue()))
      value = real.getValue();
    else if (auto whole = dyn_cast<IntegerAttr>(op.getValue())) {
      name("fill_tile_int");
      integer("value", whole.getValue().getSExtValue());
      format("format", tt::DataFormat::Int32);
      return true;
    }
    bool exact;
    value.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &exact);
    name(value.isFinite() ? "fill_tile" : "fill_tile_bitcast");
    attribute("value", builder.getFloatAttr(builder.getF32Type(), value));
    return true;
  }
  bool build(tt::FoldOp op) {
    name("copy_tile");
    return from({op.getOperand()});
  }
  bool build(tt::WhereOp op) {
    name("where_tile");
    format("format", dstFormat(op.getOnTrue()));
    return true;
  }
  bool build(tt::SfpuReduceOp op) {
    name("sfpu_reduce");
    auto pool = op.getKind() == tt::ReduceKind::Sum   ? metalium::PoolType::SUM
                : op.getKind() == tt::ReduceKind::Max ? metalium::PoolType::MAX
                                                      : metalium::PoolType::MIN;
    auto dim = op.getDim() == tt::ReduceDim::Row
                   ? metalium::ReduceDim::REDUCE_ROW
                   : metalium::ReduceDim::REDUCE_COL;
    MLIRContext *context = builder.getContext();
    attribute("pool", metalium::PoolTypeAttr::get(context, pool));
    attribute("dim", metalium::ReduceDimAttr::get(context, dim));
    format("format", dstFormat(op.getOperand()));
    return true;
  }
  bool build(tt::SfpuUnaryOp op) {
    tt::UnaryKind kind = op.getKind();
    if (isInteger(op.getOperand())) {
      name("abs_tile_int32");
      return kind == tt::UnaryKind::Abs;
    }
    name(unaryCall(kind));
    flag("fast",
         fast && (kind == tt::UnaryKind::Exp || kind == tt::UnaryKind::Gelu ||
                  kind == tt::UnaryKind::Erf));
    if (kind == tt::UnaryKind::Log2)
      attribute("value", builder.getF32FloatAttr(1.0 / std::log(2.0)));
    if (kind == tt::UnaryKind::Log10)
      attribute("value", builder.getF32FloatAttr(1.0 / std::log(10.0)));
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
  bool build(tt::SfpuIntScalarOp op) {
    name(intScalarCall(op.getKind()));
    integer("value", op.getValue());
    return !call.mnemonic.empty();
  }
  bool build(tt::SfpuBinaryOp op) {
    buildBinary(op.getKind(), op.getLhs());
    return true;
  }
  /// A binary operation on what `operand` holds.
  void buildBinary(tt::BinaryKind kind, Value operand) {
    if (!isInteger(operand))
      return name(binaryCall(kind));
    name(intBinaryCall(kind, elementOf(operand).isUnsignedInteger()));
    // Integers in DST are 32 bits wide.
    format("format", tt::DataFormat::Int32);
  }
  static Type elementOf(Value block) {
    return cast<tt::BlockType>(block.getType()).getElement();
  }
  static bool isInteger(Value block) {
    return isa<IntegerType>(elementOf(block));
  }
  /// fp32, or the format of the integers: it has their order.
  static tt::DataFormat dstFormat(Value block) {
    return isInteger(block) ? tt::getDataFormat(elementOf(block))
                                  .value_or(tt::DataFormat::Int32)
                            : tt::DataFormat::Float32;
  }
};
} // namespace

std::optional<TileCall> getTileCall(Operation *op, TileShape shape, bool fast) {
  CallBuilder builder{shape, fast, Builder(op->getContext())};
  if (!builder.visit(op))
    return std::nullopt;
  return builder.call;
}

SmallVector<TileCall, 2> getTileCalls(Operation *op, TileShape shape,
                                      bool fast) {
  SmallVector<TileCall, 2> calls;
  if (std::optional<TileCall> call = getTileCall(op, shape, fast))
    calls.push_back(*call);
  if (auto fold = dyn_cast<tt::FoldOp>(op); fold && !calls.empty()) {
    auto kind = fold.getKind() == tt::ReduceKind::Sum   ? tt::BinaryKind::Add
                : fold.getKind() == tt::ReduceKind::Max ? tt::BinaryKind::Max
                                                        : tt::BinaryKind::Min;
    CallBuilder combine{shape, fast, Builder(op->getContext())};
    combine.buildBinary(kind, fold.getOperand());
    calls.push_back(combine.call);
  }
  return calls;
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
