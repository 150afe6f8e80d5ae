//===- ParallelIntegers.cpp - 32-bit integers as blocks -------------------===//
//
// What is loaded from an integer buffer, or cast from a float, is an int32
// block, exact and wrapping. What comes from loop indices and conditions is
// fp32 (ParallelConditions.cpp) until it meets one.
//
//   1. An operation with an integer block among its operands works on integers;
//      so do bit operations and shifts always, and what may leave the numbers
//      that fp32 has.
//   2. With a constant it is one call where the vector unit has it, else the
//      constant is filled in.
//   3. Multiplications, divisions and remainders by powers of two are shifts
//      and masks.
//      Other divisions of unsigned numbers are made of signed ones.
//   4. The order of unsigned numbers is that of signed ones with the top bit
//      flipped.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/C_Lowering/ParallelExpression.h"

#include "compiler/Support/Codes/StageC.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tilewright {

bool ParallelExpression::isInteger(const Operand &operand) {
  return isa<IntegerType>(operand.type);
}

ParallelExpression::Operand
ParallelExpression::toInteger(Location loc, const Operand &operand,
                              Type wanted) {
  Type type = wanted ? wanted : builder.getI32Type();
  Operand result = operand;
  if (operand.kind == Operand::Constant || isInteger(operand)) {
    // The same bits; a block is given its type where it is needed.
    if (result.kind == Operand::Block && result.type != type)
      return computed(
          tt::CastOp::create(builder, loc, blockType(type), result.block));
    result.type = type;
    return result;
  }
  return computed(
      tt::CastOp::create(builder, loc, blockType(type), asBlock(loc, operand)));
}

ParallelExpression::Operand
ParallelExpression::toFloat(Location loc, const Operand &operand) {
  Operand result = operand;
  result.type = builder.getF32Type();
  if (operand.kind == Operand::Constant || !isInteger(operand))
    return result;
  return computed(tt::CastOp::create(builder, loc, blockType(result.type),
                                     asBlock(loc, operand)));
}

/// Whether `a op b` is `b op a`.
static bool commutes(tt::BinaryKind kind) {
  switch (kind) {
  case tt::BinaryKind::Add:
  case tt::BinaryKind::Mul:
  case tt::BinaryKind::Max:
  case tt::BinaryKind::Min:
  case tt::BinaryKind::Eq:
  case tt::BinaryKind::Ne:
  case tt::BinaryKind::And:
  case tt::BinaryKind::Or:
  case tt::BinaryKind::Xor:
    return true;
  default:
    return false;
  }
}

static bool hasConstantForm(tt::BinaryKind kind) {
  switch (kind) {
  case tt::BinaryKind::Mul:
  case tt::BinaryKind::Div:
  case tt::BinaryKind::FloorDiv:
  case tt::BinaryKind::Rem:
  case tt::BinaryKind::Mod:
  case tt::BinaryKind::LShr:
    return false;
  default:
    return true;
  }
}

ParallelExpression::Operand
ParallelExpression::integerBinary(Location loc, tt::BinaryKind kind, Operand a,
                                  Operand b, bool isUnsigned) {
  bool isOrder = kind == tt::BinaryKind::Max || kind == tt::BinaryKind::Min;
  Type type = isUnsigned && isOrder
                  ? builder.getIntegerType(32, /*isSigned=*/false)
                  : Type(builder.getI32Type());
  if (a.kind == Operand::Constant && commutes(kind))
    std::swap(a, b);
  if (b.kind == Operand::Constant && a.kind != Operand::Constant) {
    auto number = static_cast<int64_t>(b.number);
    bool isPower = number > 0 && llvm::isPowerOf2_64(number);
    int64_t log = isPower ? llvm::Log2_64(number) : 0;
    if (kind == tt::BinaryKind::Mul && isPower)
      kind = tt::BinaryKind::Shl, number = log;
    else if (kind == tt::BinaryKind::FloorDiv && isPower)
      kind = isUnsigned ? tt::BinaryKind::LShr : tt::BinaryKind::Shr,
      number = log;
    else if (kind == tt::BinaryKind::Mod && isPower)
      kind = tt::BinaryKind::And, number = number - 1;
    b.number = static_cast<double>(number);
    if (hasConstantForm(kind) && !(isUnsigned && isOrder))
      return computed(
          tt::SfpuIntScalarOp::create(builder, loc, blockType(type), kind,
                                      asBlock(loc, toInteger(loc, a)), number));
  }
  Value left = asBlock(loc, toInteger(loc, a, type));
  Value right = asBlock(loc, toInteger(loc, b, type));
  return computed(tt::SfpuBinaryOp::create(builder, loc, blockType(type), kind,
                                           left, right));
}

ParallelExpression::Operand
ParallelExpression::integerCompare(Location loc, tt::BinaryKind kind, Operand a,
                                   Operand b, bool isUnsigned) {
  bool isOrder = kind != tt::BinaryKind::Eq && kind != tt::BinaryKind::Ne;
  if (isUnsigned && isOrder)
    for (Operand *side : {&a, &b}) {
      if (side->kind == Operand::Constant)
        side->number = static_cast<int32_t>(
            static_cast<uint32_t>(static_cast<int64_t>(side->number)) ^
            0x80000000u);
      else
        *side = integerBinary(loc, tt::BinaryKind::Xor, *side,
                              number(INT32_MIN), false);
    }
  return integerBinary(loc, kind, a, b, /*isUnsigned=*/false);
}

ParallelExpression::Operand
ParallelExpression::unsignedDivision(Location loc, Operand a, Operand b,
                                     bool remainder) {
  auto op = [&](tt::BinaryKind kind, const Operand &x, const Operand &y) {
    return integerBinary(loc, kind, x, y, /*isUnsigned=*/false);
  };
  auto notLess = [&](const Operand &x, const Operand &y) {
    return integerCompare(loc, tt::BinaryKind::Ge, x, y, /*isUnsigned=*/true);
  };
  a = toInteger(loc, a), b = toInteger(loc, b);
  bool constant = b.kind == Operand::Constant;
  Operand quotient;
  // Divisors from 2^31 on go once at most.
  if (!constant || b.number < 0)
    quotient = notLess(a, b);
  if (!constant || b.number >= 0) {
    // Half of `a` is a signed number: twice its quotient is right or one short.
    Operand half = op(tt::BinaryKind::LShr, a, number(1));
    Operand even =
        op(tt::BinaryKind::Shl, op(tt::BinaryKind::Div, half, b), number(1));
    Operand rest = op(tt::BinaryKind::Sub, a, op(tt::BinaryKind::Mul, even, b));
    Operand small = op(tt::BinaryKind::Add, even, notLess(rest, b));
    if (constant) {
      quotient = small;
    } else {
      Operand isLarge = op(tt::BinaryKind::LShr, b, number(31));
      Operand more = op(tt::BinaryKind::Sub, quotient, small);
      quotient = op(tt::BinaryKind::Add, small,
                    op(tt::BinaryKind::Mul, isLarge, more));
    }
  }
  if (!remainder)
    return quotient;
  return op(tt::BinaryKind::Sub, a, op(tt::BinaryKind::Mul, quotient, b));
}

/// Operations that only integers have.
static std::optional<tt::BinaryKind> bitKindOf(Operation *op) {
  if (isa<arith::AndIOp>(op))
    return tt::BinaryKind::And;
  if (isa<arith::OrIOp>(op))
    return tt::BinaryKind::Or;
  if (isa<arith::XOrIOp>(op))
    return tt::BinaryKind::Xor;
  if (isa<arith::ShLIOp>(op))
    return tt::BinaryKind::Shl;
  if (isa<arith::ShRSIOp>(op))
    return tt::BinaryKind::Shr;
  if (isa<arith::ShRUIOp>(op))
    return tt::BinaryKind::LShr;
  return std::nullopt;
}

static std::optional<tt::BinaryKind> arithmeticKindOf(Operation *op) {
  if (isa<arith::AddIOp>(op))
    return tt::BinaryKind::Add;
  if (isa<arith::SubIOp>(op))
    return tt::BinaryKind::Sub;
  if (isa<arith::MulIOp>(op))
    return tt::BinaryKind::Mul;
  if (isa<arith::MinSIOp, arith::MinUIOp>(op))
    return tt::BinaryKind::Min;
  if (isa<arith::MaxSIOp, arith::MaxUIOp>(op))
    return tt::BinaryKind::Max;
  if (isa<arith::DivSIOp>(op))
    return tt::BinaryKind::Div;
  if (isa<arith::FloorDivSIOp, arith::DivUIOp>(op))
    return tt::BinaryKind::FloorDiv;
  if (isa<arith::RemSIOp>(op))
    return tt::BinaryKind::Rem;
  if (isa<arith::RemUIOp>(op))
    return tt::BinaryKind::Mod;
  return std::nullopt;
}

/// `a op b` before its bits are cut to those of its type.
static std::optional<int64_t> fold(tt::BinaryKind kind, int64_t a, int64_t b,
                                   bool isUnsigned) {
  if (isUnsigned)
    a = static_cast<uint32_t>(a), b = static_cast<uint32_t>(b);
  bool divides = kind == tt::BinaryKind::Div || kind == tt::BinaryKind::Rem ||
                 kind == tt::BinaryKind::FloorDiv ||
                 kind == tt::BinaryKind::Mod;
  bool shifts = kind == tt::BinaryKind::Shl || kind == tt::BinaryKind::Shr ||
                kind == tt::BinaryKind::LShr;
  if ((divides && b == 0) || (shifts && (b < 0 || b > 31)))
    return std::nullopt;
  switch (kind) {
  case tt::BinaryKind::Add:
    return a + b;
  case tt::BinaryKind::Sub:
    return a - b;
  case tt::BinaryKind::Mul:
    return a * b;
  case tt::BinaryKind::Max:
    return std::max(a, b);
  case tt::BinaryKind::Min:
    return std::min(a, b);
  case tt::BinaryKind::And:
    return a & b;
  case tt::BinaryKind::Or:
    return a | b;
  case tt::BinaryKind::Xor:
    return a ^ b;
  case tt::BinaryKind::Shl:
    return static_cast<int32_t>(static_cast<uint32_t>(a) << b);
  case tt::BinaryKind::Shr:
    return a >> b;
  case tt::BinaryKind::LShr:
    return static_cast<int32_t>(static_cast<uint32_t>(a) >> b);
  case tt::BinaryKind::Div:
    return a / b;
  case tt::BinaryKind::Rem:
    return a % b;
  case tt::BinaryKind::FloorDiv:
    return llvm::divideFloorSigned(a, b);
  case tt::BinaryKind::Mod:
    return a - llvm::divideFloorSigned(a, b) * b;
  default:
    return std::nullopt;
  }
}

/// Whether fp32 has a form of `op` by `divisor`, or `op` does not divide: the
/// quotient by a positive constant, rounded down.
bool ParallelExpression::dividesAsFloat(Operation *op, const Operand &divisor) {
  if (!isa<arith::DivSIOp, arith::DivUIOp, arith::FloorDivSIOp, arith::RemSIOp,
           arith::RemUIOp>(op))
    return true;
  if (divisor.kind != Operand::Constant || divisor.number <= 0)
    return false;
  if (!isa<arith::DivSIOp, arith::RemSIOp>(op))
    return true;
  std::optional<IndexRange> range = getRange(op->getOperand(0));
  return range && range->min >= 0;
}

FailureOr<std::optional<ParallelExpression::Operand>>
ParallelExpression::lowerInteger(Operation *op) {
  using Result = std::optional<Operand>;
  Type resultType = op->getResult(0).getType();
  bool isTruth = resultType.isInteger(1);
  std::optional<tt::BinaryKind> bits = isTruth ? std::nullopt : bitKindOf(op);
  std::optional<tt::BinaryKind> kind =
      isTruth ? std::nullopt : arithmeticKindOf(op);
  if (!bits && !kind)
    return Result();
  FailureOr<Operand> a = get(op->getOperand(0));
  if (failed(a))
    return failure();
  FailureOr<Operand> b = get(op->getOperand(1));
  if (failed(b))
    return failure();
  if (bits)
    kind = bits;
  bool wraps = resultType.isInteger(32) || resultType.isIndex();
  bool isUnsigned =
      isa<arith::MinUIOp, arith::MaxUIOp, arith::DivUIOp, arith::RemUIOp>(op);
  if (a->kind == Operand::Constant && b->kind == Operand::Constant)
    if (std::optional<int64_t> known =
            fold(*kind, static_cast<int64_t>(a->number),
                 static_cast<int64_t>(b->number), isUnsigned))
      return Result(number(static_cast<double>(
          resultType.isInteger(32) ? static_cast<int32_t>(*known) : *known)));
  if (!bits && !isInteger(*a) && !isInteger(*b) &&
      fitsFloat(getRange(op->getResult(0))) && dividesAsFloat(op, *b))
    return Result();
  bool divides = isUnsigned && (kind == tt::BinaryKind::FloorDiv ||
                                kind == tt::BinaryKind::Mod);
  bool byPower = b->kind == Operand::Constant && b->number > 0 &&
                 llvm::isPowerOf2_64(static_cast<uint64_t>(b->number));
  if (!wraps) {
    (void)unsupported(op);
    return failure();
  }
  if (divides && !byPower)
    return Result(
        unsignedDivision(op->getLoc(), *a, *b, kind == tt::BinaryKind::Mod));
  return Result(integerBinary(op->getLoc(), *kind, *a, *b, isUnsigned));
}

FailureOr<ParallelExpression::Operand>
ParallelExpression::lowerFromFloat(Operation *op) {
  FailureOr<Operand> operand = get(op->getOperand(0));
  if (failed(operand))
    return failure();
  if (operand->kind == Operand::Constant)
    return number(std::trunc(operand->number));
  Location loc = op->getLoc();
  Type type = op->getResult(0).getType();
  if (!type.isInteger(32)) {
    Operand wide = computed(asBlock(loc, *operand));
    wide.type = builder.getF32Type();
    return unary(loc, tt::UnaryKind::Trunc, wide);
  }
  if (isa<arith::FPToUIOp>(op))
    type = builder.getIntegerType(32, /*isSigned=*/false);
  return toInteger(loc, *operand, type);
}

Value ParallelExpression::asBlockOf(Location loc, Operand operand,
                                    Type element) {
  bool wanted = isa<IntegerType>(element);
  if (wanted)
    return asBlock(loc, toInteger(loc, operand, element));
  if (isInteger(operand) && operand.kind != Operand::Constant)
    operand = toFloat(loc, operand);
  if (operand.kind == Operand::Constant)
    operand.type = element;
  return asBlock(loc, operand);
}

} // namespace tilewright
