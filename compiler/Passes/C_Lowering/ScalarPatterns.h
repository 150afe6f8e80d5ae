//===- ScalarPatterns.h - Functions spelled out in scalars ---- *- C++ -*-===//
//
// A parallel body may spell out a function that the vector unit has: sigmoid as
// 1 / (1 + exp(-x)), the exact gelu as 0.5 * x * (1 + erf(x / sqrt(2))), a
// power as a product. Only forms that compute the same function are recognised;
// constants are compared with the precision of their type.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_C_SCALARPATTERNS_H
#define TILEWRIGHT_COMPILER_PASSES_C_SCALARPATTERNS_H

#include "compiler/Dialect/TT/TT.h"

#include <optional>

namespace tilewright {

/// The number that a scalar constant holds.
std::optional<double> getFloatConstant(mlir::Value value);

/// A unary function and what it is applied to.
struct UnaryMatch {
  tt::UnaryKind kind;
  mlir::Value operand;
};

/// The function that `value` spells out, if it is one of those above.
std::optional<UnaryMatch> matchUnaryFunction(mlir::Value value);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_C_SCALARPATTERNS_H
