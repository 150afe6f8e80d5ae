//===- IndexExpr.h - Index arithmetic as polynomials ----------- *- C++ -*-===//
//
// An element offset such as `by * 128 + k * 32` has to become a tile offset,
// `by * 4 + k`. An IndexExpr is a polynomial with integer coefficients over
// *atoms*: values that it does not look into (loop variables, block ids,
// remainders), or an atom divided by a number that divides it on every path.
//
// Algorithm of `of`: constants, additions, subtractions and products expand;
// casts between index and integers are looked through; a division by a constant
// expands when it is exact for every term (`divideExactly`), a remainder when
// it is zero; everything else is an atom.
//
// `divideExactly(d)` divides a term with coefficient c when d divides c, or
// when an atom of the term is known to be a multiple of d / gcd(c, d) (a loop
// variable is a multiple of the greatest common divisor of its start and its
// step).
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_ANALYSIS_INDEXEXPR_H
#define TILEWRIGHT_COMPILER_ANALYSIS_INDEXEXPR_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <string>
#include <vector>

namespace tilewright {

class IndexExpr {
public:
  /// A value, or the exact quotient of one.
  struct Atom {
    mlir::Value value;
    int64_t divisor = 1;
    bool operator==(const Atom &) const = default;
  };
  /// coefficient * product of the atoms.
  struct Term {
    int64_t coefficient = 0;
    llvm::SmallVector<Atom, 1> atoms;
  };

  IndexExpr(int64_t constant = 0) : constant(constant) {}
  /// The value itself, not looked into.
  static IndexExpr atom(mlir::Value value);
  /// What an index or integer value computes.
  static IndexExpr of(mlir::Value value);

  IndexExpr operator+(const IndexExpr &other) const;
  IndexExpr operator-(const IndexExpr &other) const;
  IndexExpr operator*(const IndexExpr &other) const;
  bool operator==(const IndexExpr &other) const;

  llvm::ArrayRef<Term> getTerms() const { return terms; }
  /// The number, when there are no terms.
  std::optional<int64_t> getConstant() const;
  /// What is left when every term is zero.
  int64_t getOffset() const { return constant; }
  bool isZero() const { return terms.empty() && constant == 0; }

  /// The greatest number that is known to divide every value; 0 for zero.
  int64_t getMultiple() const;
  /// The quotient, when `divisor` divides every value of the expression.
  std::optional<IndexExpr> divideExactly(int64_t divisor) const;

  /// Coefficient of `value` where it stands alone; nothing where the expression
  /// depends on it in another way.
  std::optional<int64_t> getCoefficient(mlir::Value value) const;
  /// The expression at `value` = 0.
  IndexExpr without(mlir::Value value) const;
  bool dependsOn(mlir::Value value) const;

  /// Builds the arithmetic. Every atom must dominate the insertion point.
  mlir::Value materialize(mlir::OpBuilder &builder, mlir::Location loc) const;

  /// In the words of the program: "by * 128 + k".
  std::string str() const;

private:
  void add(Term term);

  std::vector<Term> terms; // in the order of the program
  int64_t constant = 0;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_ANALYSIS_INDEXEXPR_H
