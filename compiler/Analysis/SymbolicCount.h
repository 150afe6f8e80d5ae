//===- SymbolicCount.h - How often a kernel does something, symbolically --===//
//
// Counts of a kernel as polynomials over its arguments ("128*count"), so that
// the counts of two kernels can be compared for every value of the arguments.
//
//   * A loop multiplies the count of its body by its trip count; where the
//     body's count depends on the iteration, the sum over the loop is one
//     opaque factor.
//   * A condition multiplies by an opaque factor; where both branches count the
//     same, it does not matter.
//   * An integer that a loop carries is named by its first value and by how the
//     next follows from it.
//   * What is neither sum nor product of known things (a division) is an opaque
//     factor, named after its operands, so that the same division in two
//     kernels is the same factor. Loops count their iterations from 0 for that.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_ANALYSIS_SYMBOLICCOUNT_H
#define TILEWRIGHT_COMPILER_ANALYSIS_SYMBOLICCOUNT_H

#include "mlir/IR/Block.h"
#include "mlir/IR/Value.h"

#include <map>
#include <string>
#include <vector>

namespace tilewright {

/// A sum of products of named factors with integer coefficients.
class Polynomial {
public:
  Polynomial(int64_t constant = 0);
  static Polynomial factor(std::string name);

  Polynomial operator+(const Polynomial &other) const;
  Polynomial operator-(const Polynomial &other) const;
  Polynomial operator*(const Polynomial &other) const;
  bool operator==(const Polynomial &other) const = default;

  bool isZero() const { return terms.empty(); }
  /// The quotient, if `divisor` divides every coefficient.
  std::optional<Polynomial> divideBy(int64_t divisor) const;
  /// Whether a factor with this name stands in it, also inside other factors.
  bool mentions(const std::string &name) const;
  /// "4*count + 2"
  std::string str() const;

private:
  std::map<std::vector<std::string>, int64_t> terms;
};

/// The number (of pages, say) that one operation counts for, as an index value;
/// null for an operation that does not count.
using CountOf = llvm::function_ref<mlir::Value(mlir::Operation *)>;

/// The sum over all executions of operations in `block`.
Polynomial countIn(mlir::Block &block, CountOf countOf);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_ANALYSIS_SYMBOLICCOUNT_H
