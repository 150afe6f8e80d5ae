//===- ParallelConditions.cpp - Indices and conditions as blocks ----------===//
//
// Whole numbers that come from loop indices and run-time scalars are fp32
// blocks (exact up to 2^24), truth is 1 or 0.
//
//   1. An index expression a i + b j + c is the sum of a column vector and a
//   row
//      vector that the reader makes (Ramps.h), spread over the block.
//   2. A comparison of two such expressions is one of their difference with a
//      number. What does not change in the loop may be far beyond 2^24 there,
//      as sizes that only a call knows: it is brought to 2^23 at most, which
//      is still further from 0 than the loop moves.
//   3. What is not of that form (i // 4, i % 32, i * j) is computed from the
//      blocks of its operands.
//   4. `and` is a product, `or` a maximum, a choice is tt.where: infinities and
//      NaNs of the side not chosen stay out.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/C_Lowering/ParallelExpression.h"

#include "compiler/Support/Codes/StageC.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

#include <cmath>

using namespace mlir;

namespace tilewright {

ParallelExpression::Operand ParallelExpression::number(double value) const {
  Operand operand;
  operand.kind = Operand::Constant;
  operand.number = value;
  operand.type = builder.getF32Type();
  return operand;
}

//===----------------------------------------------------------------------===//
// Index expressions
//===----------------------------------------------------------------------===//

Value ParallelExpression::getPlaneVariable(unsigned dim) {
  int64_t index = loop.getPlaneIndex(dim);
  if (index < 0 || loop.getExtents()[index] == 1)
    return {};
  return loop.getBody().getArgument(index);
}

std::optional<IndexExpr> ParallelExpression::getAffine(Value scalar) {
  IndexExpr expr = IndexExpr::of(scalar);
  // Indices that do not run are zero.
  for (unsigned i = 0; i < loop.getExtents().size(); ++i)
    if (loop.getExtents()[i] == 1)
      expr = expr.without(loop.getBody().getArgument(i));
  for (Value variable : {getPlaneVariable(0), getPlaneVariable(1)})
    if (variable && !expr.getCoefficient(variable))
      return std::nullopt;
  for (const IndexExpr::Term &term : expr.getTerms())
    for (const IndexExpr::Atom &atom : term.atoms) {
      Value value = atom.value;
      bool isPlane =
          value == getPlaneVariable(0) || value == getPlaneVariable(1);
      if (!isPlane && loop.getBody().isAncestor(value.getParentRegion()))
        return std::nullopt;
    }
  return expr;
}

ParallelExpression::Operand
ParallelExpression::materialize(Location loc, const IndexExpr &expr) {
  if (std::optional<int64_t> constant = expr.getConstant())
    return number(static_cast<double>(*constant));
  Value variables[] = {getPlaneVariable(0), getPlaneVariable(1)};
  IndexExpr base = expr;
  for (Value variable : variables)
    if (variable)
      base = base.without(variable);
  auto leaf = [&](const IndexExpr &start, int64_t step, tt::Broadcast along,
                  int64_t tiles, tt::Broadcast bcast) {
    Operand operand;
    operand.kind = Operand::Leaf;
    operand.block = ramps.get(loop, start, step, along, tiles);
    operand.bcast = bcast;
    operand.type = builder.getF32Type();
    return operand;
  };
  std::optional<Operand> sum;
  for (unsigned dim : {0u, 1u}) {
    int64_t step = variables[dim] ? *expr.getCoefficient(variables[dim]) : 0;
    if (step == 0)
      continue;
    auto along = dim == 0 ? tt::Broadcast::Col : tt::Broadcast::Row;
    Operand part = leaf(base, step, along, dim == 0 ? rows : cols, along);
    base = IndexExpr(0);
    sum = sum ? binary(loc, tt::BinaryKind::Add, *sum, part, part.type) : part;
  }
  return sum ? *sum
             : leaf(base, 0, tt::Broadcast::Scalar, 1, tt::Broadcast::Scalar);
}

//===----------------------------------------------------------------------===//
// Conditions
//===----------------------------------------------------------------------===//

namespace {
/// A comparison, by its two spellings in tt.
struct Comparison {
  tt::BinaryKind binary;
  tt::ScalarKind scalar;
  bool negated = false; ///< unordered comparisons: not the opposite
};
} // namespace

static Comparison equal() { return {tt::BinaryKind::Eq, tt::ScalarKind::Eq}; }
static Comparison differ() { return {tt::BinaryKind::Ne, tt::ScalarKind::Ne}; }
static Comparison less() { return {tt::BinaryKind::Lt, tt::ScalarKind::Lt}; }
static Comparison lessEqual() {
  return {tt::BinaryKind::Le, tt::ScalarKind::Le};
}
static Comparison greater() { return {tt::BinaryKind::Gt, tt::ScalarKind::Gt}; }
static Comparison greaterEqual() {
  return {tt::BinaryKind::Ge, tt::ScalarKind::Ge};
}
static Comparison inverse(Comparison comparison) {
  comparison.negated = true;
  return comparison;
}

static std::optional<Comparison> comparisonOf(arith::CmpFPredicate predicate) {
  using P = arith::CmpFPredicate;
  switch (predicate) {
  case P::OEQ:
    return equal();
  case P::UNE:
    return differ();
  case P::OLT:
    return less();
  case P::OLE:
    return lessEqual();
  case P::OGT:
    return greater();
  case P::OGE:
    return greaterEqual();
  case P::ULT:
    return inverse(greaterEqual());
  case P::ULE:
    return inverse(greater());
  case P::UGT:
    return inverse(lessEqual());
  case P::UGE:
    return inverse(less());
  default:
    return std::nullopt;
  }
}

static Comparison comparisonOf(arith::CmpIPredicate predicate) {
  using P = arith::CmpIPredicate;
  switch (predicate) {
  case P::eq:
    return equal();
  case P::ne:
    return differ();
  case P::slt:
  case P::ult:
    return less();
  case P::sle:
  case P::ule:
    return lessEqual();
  case P::sgt:
  case P::ugt:
    return greater();
  case P::sge:
  case P::uge:
    return greaterEqual();
  }
  llvm_unreachable("every predicate is a comparison");
}

static bool isUnsigned(arith::CmpIPredicate predicate) {
  using P = arith::CmpIPredicate;
  return predicate == P::ult || predicate == P::ule || predicate == P::ugt ||
         predicate == P::uge;
}

/// The same comparison with its sides exchanged.
static Comparison mirrored(Comparison comparison) {
  bool negated = comparison.negated;
  switch (comparison.binary) {
  case tt::BinaryKind::Lt:
    comparison = greater();
    break;
  case tt::BinaryKind::Le:
    comparison = greaterEqual();
    break;
  case tt::BinaryKind::Gt:
    comparison = less();
    break;
  case tt::BinaryKind::Ge:
    comparison = lessEqual();
    break;
  default:
    break;
  }
  comparison.negated = negated;
  return comparison;
}

static bool holds(Comparison comparison, double a, double b) {
  bool result = false;
  switch (comparison.binary) {
  case tt::BinaryKind::Eq:
    result = a == b;
    break;
  case tt::BinaryKind::Ne:
    result = a != b;
    break;
  case tt::BinaryKind::Lt:
    result = a < b;
    break;
  case tt::BinaryKind::Le:
    result = a <= b;
    break;
  case tt::BinaryKind::Gt:
    result = a > b;
    break;
  default:
    result = a >= b;
    break;
  }
  return result != comparison.negated;
}

std::optional<IndexRange> ParallelExpression::getRange(const IndexExpr &expr) {
  IndexRange sum{expr.getOffset(), expr.getOffset()};
  for (const IndexExpr::Term &term : expr.getTerms()) {
    if (term.atoms.size() != 1 || term.atoms[0].divisor != 1)
      return std::nullopt;
    Value atom = term.atoms[0].value;
    std::optional<IndexRange> range;
    for (unsigned dim : {0u, 1u})
      if (getPlaneVariable(dim) == atom)
        range = {0, loop.getExtents()[loop.getPlaneIndex(dim)] - 1};
    if (!range)
      range = getIndexRange(atom);
    if (!range)
      return std::nullopt;
    int64_t a = term.coefficient * range->min,
            b = term.coefficient * range->max;
    sum.min += std::min(a, b);
    sum.max += std::max(a, b);
  }
  return sum;
}

std::optional<IndexRange> ParallelExpression::getRange(Value scalar) {
  if (std::optional<IndexExpr> affine = getAffine(scalar))
    return getRange(*affine);
  Operation *op = scalar.getDefiningOp();
  if (!op || op->getNumResults() != 1 || op->getNumOperands() > 2)
    return std::nullopt;
  SmallVector<IndexRange, 2> in;
  for (Value operand : op->getOperands()) {
    std::optional<IndexRange> range =
        operand.getType().isIntOrIndex() ? getRange(operand) : std::nullopt;
    if (!range)
      return std::nullopt;
    in.push_back(*range);
  }
  if (isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::ExtSIOp,
          arith::ExtUIOp, UnrealizedConversionCastOp>(op))
    return in[0];
  // What leaves 32 bits may be anything; their products stay within 64.
  auto wrapped = [](int64_t min, int64_t max) {
    bool stays = min >= INT32_MIN && max <= INT32_MAX;
    return stays ? IndexRange{min, max} : IndexRange{INT32_MIN, INT32_MAX};
  };
  IndexRange a = wrapped(in[0].min, in[0].max);
  if (in.size() == 1)
    return std::nullopt;
  IndexRange b = wrapped(in[1].min, in[1].max);
  if (isa<arith::AddIOp>(op))
    return wrapped(a.min + b.min, a.max + b.max);
  if (isa<arith::SubIOp>(op))
    return wrapped(a.min - b.max, a.max - b.min);
  if (isa<arith::MulIOp>(op)) {
    auto [min, max] = std::minmax(
        {a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max});
    return wrapped(min, max);
  }
  return std::nullopt;
}

/// What a comparison of the numbers of `range` with 0 always gives.
static std::optional<bool> decide(Comparison comparison, IndexRange range) {
  std::optional<bool> result;
  auto known = [&](bool always, bool never) {
    if (always || never)
      result = always;
  };
  switch (comparison.binary) {
  case tt::BinaryKind::Lt:
    known(range.max < 0, range.min >= 0);
    break;
  case tt::BinaryKind::Le:
    known(range.max <= 0, range.min > 0);
    break;
  case tt::BinaryKind::Gt:
    known(range.min > 0, range.max <= 0);
    break;
  case tt::BinaryKind::Ge:
    known(range.min >= 0, range.max < 0);
    break;
  case tt::BinaryKind::Eq:
    known(false, range.min > 0 || range.max < 0);
    break;
  default:
    known(range.min > 0 || range.max < 0, false);
    break;
  }
  return result;
}

std::optional<IndexExpr> ParallelExpression::bringNear(const IndexExpr &expr) {
  if (fitsFloat(getRange(expr)))
    return expr;
  IndexExpr base = expr;
  for (unsigned dim : {0u, 1u})
    if (Value variable = getPlaneVariable(dim))
      base = base.without(variable);
  std::optional<IndexRange> moving = getRange(expr - base);
  constexpr int64_t far = int64_t{1} << 23;
  if (!moving || moving->min <= -far || moving->max >= far)
    return std::nullopt;
  return expr - base + ramps.clamp(loop, base, far);
}

FailureOr<ParallelExpression::Operand>
ParallelExpression::lowerCompare(Operation *op) {
  Location loc = op->getLoc();
  Comparison comparison;
  Operand lhs, rhs;
  auto integers = dyn_cast<arith::CmpIOp>(op);
  std::optional<IndexExpr> a, b;
  if (integers) {
    comparison = comparisonOf(integers.getPredicate());
    a = getAffine(integers.getLhs());
    b = getAffine(integers.getRhs());
  } else {
    auto known = comparisonOf(cast<arith::CmpFOp>(op).getPredicate());
    if (!known)
      return unsupported(op);
    comparison = *known;
  }
  std::optional<IndexExpr> near;
  if (a && b)
    near = bringNear(*a - *b);
  if (near) {
    // Of the difference with a number; a number in the difference goes to the
    // other side where nothing else is added at run time.
    IndexExpr difference = *near;
    if (std::optional<IndexRange> range = getRange(difference))
      if (std::optional<bool> always = decide(comparison, *range))
        return number(*always ? 1 : 0);
    int64_t offset = 0;
    IndexExpr base = difference;
    for (unsigned dim : {0u, 1u})
      if (Value variable = getPlaneVariable(dim))
        base = base.without(variable);
    if (base.getConstant() && !difference.getConstant())
      offset = difference.getOffset();
    lhs = materialize(loc, difference - IndexExpr(offset));
    rhs = number(static_cast<double>(-offset));
  } else {
    FailureOr<Operand> left = get(op->getOperand(0));
    if (failed(left))
      return failure();
    FailureOr<Operand> right = get(op->getOperand(1));
    if (failed(right))
      return failure();
    lhs = *left;
    rhs = *right;
    if (integers && (isInteger(lhs) || isInteger(rhs))) {
      if (lhs.kind == Operand::Constant) {
        std::swap(lhs, rhs);
        comparison = mirrored(comparison);
      }
      return integerCompare(loc, comparison.binary, lhs, rhs,
                            isUnsigned(integers.getPredicate()));
    }
  }
  if (lhs.kind == Operand::Constant && rhs.kind == Operand::Constant)
    return number(holds(comparison, lhs.number, rhs.number) ? 1 : 0);
  if (lhs.kind == Operand::Constant) {
    std::swap(lhs, rhs);
    comparison = mirrored(comparison);
  }
  tt::BlockType mask = blockType(builder.getF32Type());
  Value left = asBlock(loc, lhs), result;
  if (rhs.kind == Operand::Constant)
    result =
        tt::SfpuScalarOp::create(builder, loc, mask, comparison.scalar, left,
                                 APFloat(static_cast<float>(rhs.number)));
  else
    result = tt::SfpuBinaryOp::create(builder, loc, mask, comparison.binary,
                                      left, asBlock(loc, rhs));
  if (comparison.negated)
    result =
        tt::SfpuUnaryOp::create(builder, loc, mask, tt::UnaryKind::Not, result);
  return computed(result);
}

/// and, or, xor of truth values.
FailureOr<ParallelExpression::Operand>
ParallelExpression::lowerLogic(Operation *op) {
  FailureOr<Operand> a = get(op->getOperand(0));
  if (failed(a))
    return failure();
  FailureOr<Operand> b = get(op->getOperand(1));
  if (failed(b))
    return failure();
  if (a->kind == Operand::Constant)
    std::swap(*a, *b);
  Location loc = op->getLoc();
  Type f32 = builder.getF32Type();
  *a = toFloat(loc, *a);
  *b = toFloat(loc, *b);
  bool isAnd = isa<arith::AndIOp>(op), isOr = isa<arith::OrIOp>(op);
  if (b->kind == Operand::Constant) {
    bool truth = b->number != 0;
    if (a->kind == Operand::Constant) {
      bool other = a->number != 0;
      return number(isAnd  ? truth && other
                    : isOr ? truth || other
                           : truth != other);
    }
    if (isAnd || isOr)
      return truth == isAnd ? *a : *b;
    return truth ? unary(loc, tt::UnaryKind::Not, *a) : *a;
  }
  auto kind = isAnd  ? tt::BinaryKind::Mul
              : isOr ? tt::BinaryKind::Max
                     : tt::BinaryKind::Ne;
  return binary(loc, kind, *a, *b, f32);
}

FailureOr<ParallelExpression::Operand>
ParallelExpression::lowerChoice(arith::SelectOp select) {
  FailureOr<Operand> condition = get(select.getCondition());
  if (failed(condition))
    return failure();
  if (condition->kind == Operand::Constant)
    return get(condition->number != 0 ? select.getTrueValue()
                                      : select.getFalseValue());
  FailureOr<Operand> a = get(select.getTrueValue());
  if (failed(a))
    return failure();
  FailureOr<Operand> b = get(select.getFalseValue());
  if (failed(b))
    return failure();
  Location loc = select.getLoc();
  Type type = select.getType();
  // 1 where it holds and 0 where not is what the condition is.
  auto is = [](const Operand &operand, double number) {
    return operand.kind == Operand::Constant && operand.number == number;
  };
  if (!isa<FloatType>(type) && is(*a, 1) && is(*b, 0))
    return toFloat(loc, *condition);
  bool isWhole = !type.isInteger(1) && (isInteger(*a) || isInteger(*b));
  if (isWhole)
    type = builder.getI32Type();
  else if (!isa<FloatType>(type))
    type = builder.getF32Type();
  // Integers look at the bits of the condition, which both forms of 1 have.
  Value mask = isWhole ? asBlock(loc, *condition)
                       : asBlock(loc, toFloat(loc, *condition));
  Value onTrue = asBlockOf(loc, *a, type);
  return computed(tt::WhereOp::create(builder, loc, blockType(type), mask,
                                      onTrue, asBlockOf(loc, *b, type)));
}

//===----------------------------------------------------------------------===//
// Whole numbers
//===----------------------------------------------------------------------===//

/// The quotient rounded down: half a unit more keeps the rounding of the
/// reciprocal from reaching the number above.
ParallelExpression::Operand
ParallelExpression::floorDiv(Location loc, const Operand &x, double divisor) {
  Operand middle = withScalar(loc, tt::ScalarKind::Add, x, 0.5);
  Operand quotient =
      withScalar(loc, tt::ScalarKind::Mul, middle, 1.0 / divisor);
  return unary(loc, tt::UnaryKind::Floor, quotient);
}

FailureOr<ParallelExpression::Operand>
ParallelExpression::lowerWhole(Operation *op) {
  Location loc = op->getLoc();
  if (isa<arith::CmpIOp, arith::CmpFOp>(op))
    return lowerCompare(op);
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return lowerChoice(select);
  bool isTruth = op->getResult(0).getType().isInteger(1);
  if (isTruth && isa<arith::AndIOp, arith::OrIOp, arith::XOrIOp>(op))
    return lowerLogic(op);
  if (isa<math::IsNaNOp, math::IsInfOp, math::IsFiniteOp>(op)) {
    FailureOr<Operand> operand = get(op->getOperand(0));
    if (failed(operand))
      return failure();
    auto kind = isa<math::IsNaNOp>(op)   ? tt::UnaryKind::IsNan
                : isa<math::IsInfOp>(op) ? tt::UnaryKind::IsInf
                                         : tt::UnaryKind::IsFinite;
    return computed(tt::SfpuUnaryOp::create(builder, loc,
                                            blockType(builder.getF32Type()),
                                            kind, asBlock(loc, *operand)));
  }
  if (isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::ExtSIOp,
          arith::ExtUIOp, UnrealizedConversionCastOp>(op) ||
      (isa<arith::TruncIOp>(op) && !isTruth)) {
    FailureOr<Operand> operand = get(op->getOperand(0));
    Type type = op->getResult(0).getType();
    bool isKept = type.isIndex() || type.getIntOrFloatBitWidth() == 32;
    if (succeeded(operand) && isInteger(*operand) && !isKept)
      return unsupported(op);
    return operand;
  }
  if (isa<arith::FPToSIOp, arith::FPToUIOp>(op))
    return lowerFromFloat(op);
  if (isa<math::AbsIOp>(op)) {
    FailureOr<Operand> operand = get(op->getOperand(0));
    if (failed(operand) || operand->kind == Operand::Constant)
      return failed(operand) ? operand : number(std::abs(operand->number));
    return unary(loc, tt::UnaryKind::Abs, *operand);
  }
  FailureOr<std::optional<Operand>> integer = lowerInteger(op);
  if (failed(integer))
    return failure();
  if (*integer)
    return **integer;
  std::optional<tt::BinaryKind> kind;
  if (isa<arith::AddIOp>(op))
    kind = tt::BinaryKind::Add;
  else if (isa<arith::SubIOp>(op))
    kind = tt::BinaryKind::Sub;
  else if (isa<arith::MulIOp>(op))
    kind = tt::BinaryKind::Mul;
  else if (isa<arith::MinSIOp, arith::MinUIOp>(op))
    kind = tt::BinaryKind::Min;
  else if (isa<arith::MaxSIOp, arith::MaxUIOp>(op))
    kind = tt::BinaryKind::Max;
  bool divides = isa<arith::DivSIOp, arith::DivUIOp, arith::FloorDivSIOp>(op);
  bool remains = isa<arith::RemSIOp, arith::RemUIOp>(op);
  if (!kind && !divides && !remains)
    return unsupported(op);
  FailureOr<Operand> a = get(op->getOperand(0));
  if (failed(a))
    return failure();
  FailureOr<Operand> b = get(op->getOperand(1));
  if (failed(b))
    return failure();
  if (kind)
    return binary(loc, *kind, *a, *b, builder.getF32Type());
  if (!dividesAsFloat(op, *b))
    return unsupported(op);
  Operand x = computed(asBlock(loc, *a));
  Operand quotient = floorDiv(loc, x, b->number);
  if (divides)
    return quotient;
  Operand multiple = withScalar(loc, tt::ScalarKind::Mul, quotient, b->number);
  return binary(loc, tt::BinaryKind::Sub, x, multiple, builder.getF32Type());
}

/// A whole number or a truth value as a floating-point one.
FailureOr<ParallelExpression::Operand>
ParallelExpression::lowerToFloat(Operation *op) {
  FailureOr<Operand> operand = get(op->getOperand(0));
  if (failed(operand))
    return failure();
  Type type = op->getResult(0).getType();
  if (operand->kind == Operand::Constant || operand->type == type) {
    operand->type = type;
    return operand;
  }
  if (isInteger(*operand) && isa<arith::UIToFPOp>(op))
    *operand = toInteger(op->getLoc(), *operand,
                         builder.getIntegerType(32, /*isSigned=*/false));
  return computed(tt::CastOp::create(builder, op->getLoc(), blockType(type),
                                     asBlock(op->getLoc(), *operand)));
}

} // namespace tilewright
