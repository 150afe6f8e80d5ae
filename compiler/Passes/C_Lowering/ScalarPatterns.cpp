//===- ScalarPatterns.cpp - Functions written out in scalar code ----------===//

#include "compiler/Passes/C_Lowering/ScalarPatterns.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

#include <cmath>

using namespace mlir;

namespace tilewright {

std::optional<double> getFloatConstant(Value value) {
  APFloat number(0.0);
  if (!matchPattern(value, m_ConstantFloat(&number)))
    return std::nullopt;
  bool lossy = false;
  number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lossy);
  return number.convertToDouble();
}

/// Whether `value` is the constant `wanted` rounded to its own type.
static bool isConstant(Value value, double wanted) {
  std::optional<double> number = getFloatConstant(value);
  if (!number)
    return false;
  auto type = cast<FloatType>(value.getType());
  APFloat rounded(wanted);
  bool lossy = false;
  rounded.convert(type.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                  &lossy);
  rounded.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lossy);
  double expected = rounded.convertToDouble();
  // Half a dozen digits are written out as often as all of them.
  return std::abs(*number - expected) <= 1e-6 * std::abs(expected);
}

/// The other operand of a commutative operation that has `wanted` as one.
static Value withoutConstant(Operation *op, double wanted) {
  if (isConstant(op->getOperand(0), wanted))
    return op->getOperand(1);
  if (isConstant(op->getOperand(1), wanted))
    return op->getOperand(0);
  return {};
}

/// x of -x.
static Value matchNegated(Value value) {
  if (auto neg = value.getDefiningOp<arith::NegFOp>())
    return neg.getOperand();
  if (auto mul = value.getDefiningOp<arith::MulFOp>())
    return withoutConstant(mul, -1.0);
  if (auto sub = value.getDefiningOp<arith::SubFOp>())
    if (isConstant(sub.getLhs(), 0.0))
      return sub.getRhs();
  return {};
}

/// x of 1 + exp(-x).
static Value matchLogisticDenominator(Value value) {
  auto add = value.getDefiningOp<arith::AddFOp>();
  Value rest = add ? withoutConstant(add, 1.0) : Value();
  auto exp = rest ? rest.getDefiningOp<math::ExpOp>() : math::ExpOp();
  return exp ? matchNegated(exp.getOperand()) : Value();
}

/// x of 1 / (1 + exp(-x)).
static Value matchSigmoid(Value value) {
  auto div = value.getDefiningOp<arith::DivFOp>();
  if (div && isConstant(div.getLhs(), 1.0))
    return matchLogisticDenominator(div.getRhs());
  return {};
}

/// Factors of a product; `stop` is a factor even where it is a product itself.
static void collectFactors(Value value, Value stop,
                           SmallVectorImpl<Value> &factors) {
  auto mul = value.getDefiningOp<arith::MulFOp>();
  if (!mul || value == stop) {
    factors.push_back(value);
    return;
  }
  collectFactors(mul.getLhs(), stop, factors);
  collectFactors(mul.getRhs(), stop, factors);
}

/// x of 1 + erf(x / sqrt(2)).
static Value matchGeluFactor(Value value) {
  auto add = value.getDefiningOp<arith::AddFOp>();
  Value rest = add ? withoutConstant(add, 1.0) : Value();
  auto erf = rest ? rest.getDefiningOp<math::ErfOp>() : math::ErfOp();
  if (!erf)
    return {};
  if (auto mul = erf.getOperand().getDefiningOp<arith::MulFOp>())
    return withoutConstant(mul, M_SQRT1_2);
  if (auto div = erf.getOperand().getDefiningOp<arith::DivFOp>())
    if (isConstant(div.getRhs(), M_SQRT2))
      return div.getLhs();
  return {};
}

/// x of 0.5 * x * (1 + erf(x / sqrt(2))), the factors in any order.
static Value matchGelu(Value value) {
  SmallVector<Value> factors;
  collectFactors(value, Value(), factors);
  for (Value factor : factors) {
    Value x = matchGeluFactor(factor);
    if (!x)
      continue;
    SmallVector<Value> parts;
    collectFactors(value, x, parts);
    bool half = llvm::count_if(parts, [](Value part) {
                  return isConstant(part, 0.5);
                }) == 1;
    if (parts.size() == 3 && half && llvm::is_contained(parts, x) &&
        llvm::is_contained(parts, factor))
      return x;
  }
  return {};
}

/// x of x * sigmoid(x) and of x / (1 + exp(-x)).
static Value matchSilu(Value value) {
  if (auto mul = value.getDefiningOp<arith::MulFOp>()) {
    if (matchSigmoid(mul.getRhs()) == mul.getLhs())
      return mul.getLhs();
    if (matchSigmoid(mul.getLhs()) == mul.getRhs())
      return mul.getRhs();
  }
  if (auto div = value.getDefiningOp<arith::DivFOp>())
    if (matchLogisticDenominator(div.getRhs()) == div.getLhs())
      return div.getLhs();
  return {};
}

std::optional<UnaryMatch> matchUnaryFunction(Value value) {
  if (value.getDefiningOp<arith::MulFOp>())
    if (Value x = matchGelu(value))
      return UnaryMatch{tt::UnaryKind::Gelu, x};
  if (Value x = matchSilu(value))
    return UnaryMatch{tt::UnaryKind::Silu, x};
  if (Value x = matchSigmoid(value))
    return UnaryMatch{tt::UnaryKind::Sigmoid, x};
  if (Value x = matchNegated(value))
    return UnaryMatch{tt::UnaryKind::Neg, x};
  if (auto div = value.getDefiningOp<arith::DivFOp>();
      div && isConstant(div.getLhs(), 1.0)) {
    if (auto root = div.getRhs().getDefiningOp<math::SqrtOp>())
      return UnaryMatch{tt::UnaryKind::Rsqrt, root.getOperand()};
    return UnaryMatch{tt::UnaryKind::Recip, div.getRhs()};
  }
  Operation *op = value.getDefiningOp();
  if (isa_and_nonnull<arith::MaximumFOp, arith::MaxNumFOp>(op))
    if (Value x = withoutConstant(op, 0.0))
      return UnaryMatch{tt::UnaryKind::Relu, x};
  return std::nullopt;
}

} // namespace tilewright
