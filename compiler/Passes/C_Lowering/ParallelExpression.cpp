//===- ParallelExpression.cpp - Scalar bodies as tile operations ----------===//

#include "compiler/Passes/C_Lowering/ParallelExpression.h"

#include "compiler/Analysis/Scalars.h"
#include "compiler/Passes/C_Lowering/ScalarPatterns.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;

namespace tilewright {

tt::BlockType ParallelExpression::blockType(Type element) const {
  return tt::BlockType::get(builder.getContext(), rows, cols, element);
}

ParallelExpression::Operand ParallelExpression::computed(Value block) const {
  Operand operand;
  operand.block = block;
  operand.type = cast<tt::BlockType>(block.getType()).getElement();
  return operand;
}

Value ParallelExpression::asBlock(Location loc, const Operand &operand) {
  if (operand.kind == Operand::Block)
    return operand.block;
  if (operand.kind == Operand::Constant && isInteger(operand))
    return tt::FillOp::create(
        builder, loc, blockType(operand.type),
        cast<TypedAttr>(builder.getI32IntegerAttr(static_cast<int32_t>(
            static_cast<uint32_t>(static_cast<int64_t>(operand.number))))));
  if (operand.kind == Operand::Constant)
    return tt::FillOp::create(
        builder, loc, blockType(operand.type),
        cast<TypedAttr>(builder.getFloatAttr(operand.type, operand.number)));
  Value block = operand.block;
  Type element = cast<tt::BlockType>(block.getType()).getElement();
  if (operand.bcast != tt::Broadcast::None)
    block = tt::BcastOp::create(builder, loc, blockType(element), operand.bcast,
                                block);
  if (element != operand.type)
    block = tt::CastOp::create(builder, loc, blockType(operand.type), block);
  return block;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

ParallelExpression::Operand ParallelExpression::unary(Location loc,
                                                      tt::UnaryKind kind,
                                                      const Operand &operand) {
  return computed(tt::SfpuUnaryOp::create(builder, loc, blockType(operand.type),
                                          kind, asBlock(loc, operand)));
}

ParallelExpression::Operand
ParallelExpression::withScalar(Location loc, tt::ScalarKind kind,
                               const Operand &operand, double number) {
  return computed(tt::SfpuScalarOp::create(
      builder, loc, blockType(operand.type), kind, asBlock(loc, operand),
      APFloat(static_cast<float>(number))));
}

std::optional<ParallelExpression::Operand>
ParallelExpression::onMatrixUnit(Location loc, tt::BinaryKind kind, Operand lhs,
                                 Operand rhs, Type type) {
  std::optional<tt::FpuKind> fpu;
  if (kind == tt::BinaryKind::Add)
    fpu = tt::FpuKind::Add;
  else if (kind == tt::BinaryKind::Sub)
    fpu = tt::FpuKind::Sub;
  else if (kind == tt::BinaryKind::Mul)
    fpu = tt::FpuKind::Mul;
  if (!fpu || lhs.kind != Operand::Leaf || rhs.kind != Operand::Leaf)
    return std::nullopt;
  auto storage = [](const Operand &operand) {
    return cast<tt::BlockType>(operand.block.getType()).getElement();
  };
  auto fromReader = [](const Operand &operand) {
    return operand.block.getDefiningOp<tt::ReadToCBOp>() != nullptr;
  };
  Type element = storage(lhs);
  bool exact =
      element.isBF16() || (element.isF16() && *fpu != tt::FpuKind::Mul);
  if (element != storage(rhs) || !exact || !fromReader(lhs) || !fromReader(rhs))
    return std::nullopt;
  // The first operand is the full block.
  if (lhs.bcast != tt::Broadcast::None) {
    if (rhs.bcast != tt::Broadcast::None || *fpu == tt::FpuKind::Sub)
      return std::nullopt;
    std::swap(lhs, rhs);
  }
  return computed(tt::FpuOp::create(builder, loc, blockType(type), *fpu,
                                    lhs.block, rhs.block, rhs.bcast));
}

/// The number of `a op b`, computed as the program's type would.
static std::optional<double> fold(tt::BinaryKind kind, double a, double b) {
  switch (kind) {
  case tt::BinaryKind::Add:
    return a + b;
  case tt::BinaryKind::Sub:
    return a - b;
  case tt::BinaryKind::Mul:
    return a * b;
  case tt::BinaryKind::Div:
    return a / b;
  case tt::BinaryKind::Max:
    return std::max(a, b);
  case tt::BinaryKind::Min:
    return std::min(a, b);
  case tt::BinaryKind::Pow:
    return std::pow(a, b);
  default:
    return std::nullopt; // comparisons and bits are folded where they are made
  }
}

/// A division by a power of two is a multiplication, exactly.
static bool isPowerOfTwo(double number) {
  int exponent = 0;
  double mantissa = std::frexp(std::abs(number), &exponent);
  return mantissa == 0.5 && exponent > -120 && exponent < 120;
}

ParallelExpression::Operand
ParallelExpression::binary(Location loc, tt::BinaryKind kind,
                           const Operand &lhs, const Operand &rhs, Type type) {
  bool constantLhs = lhs.kind == Operand::Constant;
  bool constantRhs = rhs.kind == Operand::Constant;
  if (constantLhs && constantRhs) {
    Operand result;
    result.kind = Operand::Constant;
    result.type = type;
    APFloat number(*fold(kind, lhs.number, rhs.number));
    bool lossy = false;
    number.convert(cast<FloatType>(type).getFloatSemantics(),
                   APFloat::rmNearestTiesToEven, &lossy);
    number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lossy);
    result.number = number.convertToDouble();
    return result;
  }
  if (constantLhs || constantRhs) {
    const Operand &block = constantLhs ? rhs : lhs;
    double number = constantLhs ? lhs.number : rhs.number;
    switch (kind) {
    case tt::BinaryKind::Add:
      return withScalar(loc, tt::ScalarKind::Add, block, number);
    case tt::BinaryKind::Sub:
      return withScalar(
          loc, constantLhs ? tt::ScalarKind::RSub : tt::ScalarKind::Sub, block,
          number);
    case tt::BinaryKind::Mul:
      return withScalar(loc, tt::ScalarKind::Mul, block, number);
    case tt::BinaryKind::Max:
      return withScalar(loc, tt::ScalarKind::Max, block, number);
    case tt::BinaryKind::Min:
      return withScalar(loc, tt::ScalarKind::Min, block, number);
    case tt::BinaryKind::Div:
      if (constantRhs && isPowerOfTwo(number))
        return withScalar(loc, tt::ScalarKind::Mul, block, 1.0 / number);
      break;
    default:
      break;
    }
  }
  if (std::optional<Operand> result = onMatrixUnit(loc, kind, lhs, rhs, type))
    return *result;
  Value a = asBlock(loc, lhs);
  Value b = asBlock(loc, rhs);
  if (a == b && kind == tt::BinaryKind::Mul)
    return computed(tt::SfpuUnaryOp::create(builder, loc, blockType(type),
                                            tt::UnaryKind::Square, a));
  return computed(
      tt::SfpuBinaryOp::create(builder, loc, blockType(type), kind, a, b));
}

//===----------------------------------------------------------------------===//
// From scalars
//===----------------------------------------------------------------------===//

FailureOr<ParallelExpression::Operand>
ParallelExpression::unsupported(Operation *op) {
  StringRef name = op->getName().stripDialect();
  InFlightDiagnostic diag = emitCoded(op, Code::NoTileForm);
  diag << "T.Parallel: the operation '" << name << "' has no tile form yet";
  diag.attachNote()
      << "fix: docs/language.md lists the operations that have one";
  return diag;
}

/// Whether all that becomes of `scalar` is a float, and `affine` is rounded
/// once on the way: the reader adds up at most one vector before it rounds.
bool ParallelExpression::isRoundedAtOnce(Value scalar,
                                         const IndexExpr &affine) {
  unsigned vectors = 0;
  for (unsigned dim : {0u, 1u})
    if (Value variable = getPlaneVariable(dim))
      vectors += affine.getCoefficient(variable).value_or(0) != 0;
  return vectors < 2 && llvm::all_of(
                            scalar.getUsers(),
                            [&](Operation *user) {
                              return isa<arith::SIToFPOp>(user) ||
                                     !loop->isProperAncestor(user);
                            });
}

FailureOr<ParallelExpression::Operand> ParallelExpression::get(Value scalar) {
  if (auto found = operands.find(scalar); found != operands.end())
    return found->second;
  FailureOr<Operand> result = failure();
  Operation *op = scalar.getDefiningOp();
  bool isInside = op && loop->isProperAncestor(op);
  APInt integer;
  if (std::optional<double> constant = getFloatConstant(scalar)) {
    Operand operand = number(*constant);
    operand.type = scalar.getType();
    result = operand;
  } else if (matchPattern(scalar, m_ConstantInt(&integer))) {
    result =
        number(scalar.getType().isInteger(1) ? double(integer.getBoolValue())
                                             : double(integer.getSExtValue()));
  } else if (std::optional<IndexExpr> affine; scalar.getType().isIntOrIndex() &&
                                              !scalar.getType().isInteger(1) &&
                                              (affine = getAffine(scalar))) {
    bool rounds = !isRoundedAtOnce(scalar, *affine);
    bool fits = !rounds || fitsFloat(getRange(*affine));
    if ((rounds && dependsOnScalars(*affine)) || (!fits && !isInside)) {
      InFlightDiagnostic diag = emitCoded(loop, Code::NoTileForm);
      diag << "T.Parallel: an integer that is only known when the kernel runs "
              "is used as a number; tiles hold it exactly below 2^24 only";
      diag.attachNote() << "fix: cast it to float32 where it is used";
      return diag;
    }
    result = fits ? materialize(op ? op->getLoc() : loop.getLoc(), *affine)
                  : lowerOp(op);
  } else if (isInside) {
    result = lowerOp(op);
  } else {
    InFlightDiagnostic diag = emitCoded(loop, Code::NoTileForm);
    diag << "T.Parallel: the body uses a scalar that is only known when the "
            "kernel "
            "runs, which has no tile form yet";
    diag.attachNote() << "fix: use a compile-time constant";
    return diag;
  }
  if (failed(result))
    return failure();
  operands[scalar] = *result;
  return result;
}

FailureOr<ParallelExpression::Operand>
ParallelExpression::lowerCast(Operation *op) {
  FailureOr<Operand> operand = get(op->getOperand(0));
  if (failed(operand))
    return failure();
  Type type = op->getResult(0).getType();
  if (operand->kind == Operand::Constant) {
    // Rounded like the program rounds it.
    Operand zero = *operand;
    zero.number = -0.0;
    return binary(op->getLoc(), tt::BinaryKind::Add, *operand, zero, type);
  }
  bool widens =
      type.getIntOrFloatBitWidth() > operand->type.getIntOrFloatBitWidth();
  if (operand->kind == Operand::Leaf && widens) {
    operand->type = type;
    return operand;
  }
  return computed(tt::CastOp::create(builder, op->getLoc(), blockType(type),
                                     asBlock(op->getLoc(), *operand)));
}

FailureOr<ParallelExpression::Operand>
ParallelExpression::lowerBinary(Operation *op, Value lhs, Value rhs,
                                tt::BinaryKind kind) {
  FailureOr<Operand> a = get(lhs);
  if (failed(a))
    return failure();
  FailureOr<Operand> b = get(rhs);
  if (failed(b))
    return failure();
  return binary(op->getLoc(), kind, *a, *b, op->getResult(0).getType());
}

FailureOr<ParallelExpression::Operand>
ParallelExpression::lowerPower(Operation *op) {
  FailureOr<Operand> base = get(op->getOperand(0));
  if (failed(base))
    return failure();
  std::optional<double> exponent = getFloatConstant(op->getOperand(1));
  APInt integer;
  if (matchPattern(op->getOperand(1), m_ConstantInt(&integer)))
    exponent = static_cast<double>(integer.getSExtValue());
  Location loc = op->getLoc();
  Type type = op->getResult(0).getType();
  if (!exponent) {
    if (isa<math::FPowIOp>(op))
      return unsupported(op);
    return lowerBinary(op, op->getOperand(0), op->getOperand(1),
                       tt::BinaryKind::Pow);
  }
  if (base->kind == Operand::Constant) {
    Operand number = *base;
    number.number = *exponent;
    return binary(loc, tt::BinaryKind::Pow, *base, number, type);
  }
  if (*exponent == 0.5)
    return unary(loc, tt::UnaryKind::Sqrt, *base);
  if (*exponent == -0.5)
    return unary(loc, tt::UnaryKind::Rsqrt, *base);
  // Small whole powers by multiplication: exact, and right for negative bases.
  double magnitude = std::abs(*exponent);
  if (magnitude != std::floor(magnitude) || magnitude < 1 || magnitude > 16)
    return withScalar(loc, tt::ScalarKind::Pow, *base, *exponent);
  Operand square = computed(asBlock(loc, *base));
  std::optional<Operand> product;
  for (unsigned left = static_cast<unsigned>(magnitude); left; left >>= 1) {
    if (left & 1)
      product = product
                    ? binary(loc, tt::BinaryKind::Mul, *product, square, type)
                    : square;
    if (left > 1)
      square = unary(loc, tt::UnaryKind::Square, square);
  }
  return *exponent < 0 ? unary(loc, tt::UnaryKind::Recip, *product) : *product;
}

/// The unary function of the vector unit that an operation is.
static std::optional<tt::UnaryKind> unaryKindOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<tt::UnaryKind>>(op)
      .Case<math::ExpOp>([](auto) { return tt::UnaryKind::Exp; })
      .Case<math::Exp2Op>([](auto) { return tt::UnaryKind::Exp2; })
      .Case<math::LogOp>([](auto) { return tt::UnaryKind::Log; })
      .Case<math::Log2Op>([](auto) { return tt::UnaryKind::Log2; })
      .Case<math::SqrtOp>([](auto) { return tt::UnaryKind::Sqrt; })
      .Case<math::RsqrtOp>([](auto) { return tt::UnaryKind::Rsqrt; })
      .Case<math::SinOp>([](auto) { return tt::UnaryKind::Sin; })
      .Case<math::CosOp>([](auto) { return tt::UnaryKind::Cos; })
      .Case<math::TanhOp>([](auto) { return tt::UnaryKind::Tanh; })
      .Case<math::ErfOp>([](auto) { return tt::UnaryKind::Erf; })
      .Case<math::AbsFOp>([](auto) { return tt::UnaryKind::Abs; })
      .Case<math::FloorOp>([](auto) { return tt::UnaryKind::Floor; })
      .Case<math::CeilOp>([](auto) { return tt::UnaryKind::Ceil; })
      .Case<math::TruncOp>([](auto) { return tt::UnaryKind::Trunc; })
      .Case<math::RoundEvenOp>([](auto) { return tt::UnaryKind::Round; })
      .Case<math::TanOp>([](auto) { return tt::UnaryKind::Tan; })
      .Case<math::SinhOp>([](auto) { return tt::UnaryKind::Sinh; })
      .Case<math::CoshOp>([](auto) { return tt::UnaryKind::Cosh; })
      .Case<math::AtanOp>([](auto) { return tt::UnaryKind::Atan; })
      .Case<math::Log10Op>([](auto) { return tt::UnaryKind::Log10; })
      .Case<arith::NegFOp>([](auto) { return tt::UnaryKind::Neg; })
      .Default([](Operation *) { return std::nullopt; });
}

static std::optional<tt::BinaryKind> binaryKindOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<tt::BinaryKind>>(op)
      .Case<arith::AddFOp>([](auto) { return tt::BinaryKind::Add; })
      .Case<arith::SubFOp>([](auto) { return tt::BinaryKind::Sub; })
      .Case<arith::MulFOp>([](auto) { return tt::BinaryKind::Mul; })
      .Case<arith::DivFOp>([](auto) { return tt::BinaryKind::Div; })
      .Case<arith::MaximumFOp, arith::MaxNumFOp>(
          [](auto) { return tt::BinaryKind::Max; })
      .Case<arith::MinimumFOp, arith::MinNumFOp>(
          [](auto) { return tt::BinaryKind::Min; })
      .Default([](Operation *) { return std::nullopt; });
}

FailureOr<ParallelExpression::Operand>
ParallelExpression::lowerOp(Operation *op) {
  Location loc = op->getLoc();
  if (!isa<FloatType>(op->getResult(0).getType()))
    return lowerWhole(op);
  if (isa<arith::SIToFPOp, arith::UIToFPOp>(op))
    return lowerToFloat(op);
  std::optional<UnaryMatch> match = matchUnaryFunction(op->getResult(0));
  if (match && !getFloatConstant(match->operand)) {
    FailureOr<Operand> operand = get(match->operand);
    if (failed(operand))
      return failure();
    return unary(loc, match->kind, *operand);
  }
  if (isa<arith::ExtFOp, arith::TruncFOp>(op))
    return lowerCast(op);
  if (std::optional<tt::BinaryKind> kind = binaryKindOf(op))
    return lowerBinary(op, op->getOperand(0), op->getOperand(1), *kind);
  if (std::optional<tt::UnaryKind> kind = unaryKindOf(op)) {
    FailureOr<Operand> operand = get(op->getOperand(0));
    if (failed(operand))
      return failure();
    return unary(loc, *kind, *operand);
  }
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return lowerChoice(select);
  if (isa<math::RoundOp>(op)) {
    // Halves away from zero: the number below 0.5 takes no other one across.
    FailureOr<Operand> operand = get(op->getOperand(0));
    if (failed(operand))
      return failure();
    Type type = op->getResult(0).getType();
    Operand x = computed(asBlock(loc, *operand));
    Operand size = unary(loc, tt::UnaryKind::Abs, x);
    size = withScalar(loc, tt::ScalarKind::Add, size, 0x1.fffffep-2);
    size = unary(loc, tt::UnaryKind::Floor, size);
    return binary(loc, tt::BinaryKind::Mul, size,
                  unary(loc, tt::UnaryKind::Sign, x), type);
  }
  if (isa<math::PowFOp, math::FPowIOp>(op))
    return lowerPower(op);
  if (auto fma = dyn_cast<math::FmaOp>(op)) {
    FailureOr<Operand> product =
        lowerBinary(op, fma.getA(), fma.getB(), tt::BinaryKind::Mul);
    if (failed(product))
      return failure();
    FailureOr<Operand> addend = get(fma.getC());
    if (failed(addend))
      return failure();
    return binary(loc, tt::BinaryKind::Add, *product, *addend,
                  op->getResult(0).getType());
  }
  return unsupported(op);
}

LogicalResult ParallelExpression::lower(
    llvm::function_ref<Value(Value, Operation *)> transpose) {
  if (loop.getNumResults() == 0) {
    loop.erase();
    return success();
  }
  auto shape = cast<tt::BlockType>(loop.getResult(0).getType());
  rows = shape.getRows();
  cols = shape.getCols();
  unsigned indices = loop.getExtents().size();
  Block &body = loop.getBody().front();
  for (auto [i, input] : llvm::enumerate(loop.getInputs())) {
    BlockArgument scalar = body.getArgument(indices + i);
    Operand leaf;
    leaf.kind = Operand::Leaf;
    leaf.block = input;
    leaf.type = scalar.getType();
    auto kind = cast<tt::AccessKindAttr>(loop.getAccesses()[i]).getValue();
    switch (kind) {
    case tt::AccessKind::Same:
      break;
    case tt::AccessKind::Row:
      leaf.bcast = tt::Broadcast::Row;
      break;
    case tt::AccessKind::Col:
      leaf.bcast = tt::Broadcast::Col;
      break;
    case tt::AccessKind::Scalar:
      leaf.bcast = tt::Broadcast::Scalar;
      break;
    case tt::AccessKind::Transposed:
      leaf = computed(transpose(input, loop));
      break;
    }
    operands[scalar] = leaf;
  }
  auto yield = cast<tt::YieldOp>(body.getTerminator());
  for (auto [scalar, result] :
       llvm::zip(yield.getValues(), loop.getResults())) {
    FailureOr<Operand> value = get(scalar);
    if (failed(value))
      return failure();
    Value block = asBlockOf(loop.getLoc(), *value,
                            cast<tt::BlockType>(result.getType()).getElement());
    // What defines the new contents of a buffer has the buffer's name.
    Operation *def = block.getDefiningOp();
    StringRef name = getSourceName(loop.getLoc());
    if (def && !name.empty() && !isa<tt::ReadToCBOp>(def) &&
        getSourceName(def->getLoc()).empty())
      def->setLoc(NameLoc::get(builder.getStringAttr(name), def->getLoc()));
    result.replaceAllUsesWith(block);
  }
  loop.erase();
  return success();
}

} // namespace tilewright
