//===- Expressions.h - SSA values as C++ expressions ------------*- C++ -*-===//
//
// Index arithmetic is `uint32_t`. A pure value used once stands where it is
// used; one used more often is declared where it is computed. Parentheses are
// those that C++ needs, and those that compilers warn about.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_TARGET_KERNEL_EXPRESSIONS_H
#define TILEWRIGHT_COMPILER_TARGET_KERNEL_EXPRESSIONS_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <optional>
#include <string>

namespace tilewright {

/// Binding strengths of C++ operators, weakest first.
enum class Precedence {
  Conditional,
  Or,
  And,
  BitOr,
  BitXor,
  BitAnd,
  Equality,
  Relational,
  Shift,
  Additive,
  Multiplicative,
  Unary,
  Primary
};

struct Expression {
  std::string text;
  Precedence precedence = Precedence::Primary;
};

class Expressions {
public:
  explicit Expressions(metalium::ApiGeneration api) : api(api) {}

  /// From now on `value` is the variable or constant `name`.
  void bind(mlir::Value value, std::string name) {
    names[value] = std::move(name);
  }

  /// The variable that stands for `value`, or "".
  llvm::StringRef getName(mlir::Value value) const;

  /// The text of `value` where a whole expression is expected; nullopt after
  /// a diagnostic.
  std::optional<std::string> print(mlir::Value value);

  /// `left < right` as the signed comparison that a loop makes.
  std::optional<std::string> printLess(mlir::Value left, mlir::Value right);

  /// The call of a call op, without the declaration of its result.
  std::optional<std::string> printCall(mlir::Operation *op);

  /// Whether the result of `op` stands where it is used, so that `op` is no
  /// statement.
  static bool isInlined(mlir::Operation *op);

  /// Whether `op` is index arithmetic that this class can print.
  static bool isArithmetic(mlir::Operation *op);

private:
  std::optional<Expression> build(mlir::Value value);
  std::optional<Expression> buildArithmetic(mlir::Operation *op);
  std::optional<Expression> buildBinary(mlir::Operation *op,
                                        llvm::StringRef symbol,
                                        Precedence precedence,
                                        bool isSigned = false);
  std::optional<Expression> buildMinMax(mlir::Operation *op, bool isMin,
                                        bool isSigned);
  std::optional<Expression> buildCompare(mlir::Operation *op);
  std::optional<Expression> buildSelect(mlir::Operation *op);
  std::optional<Expression> buildCeilDiv(mlir::Operation *op);
  std::optional<std::string> callPart(mlir::Operation *op, llvm::StringRef name,
                                      llvm::StringRef modifier);

  metalium::ApiGeneration api;
  llvm::DenseMap<mlir::Value, std::string> names;
};

/// Whether `value` cannot be negative when read as signed. `name`s of the
/// program that count or address things never are.
bool isNonNegative(mlir::Value value);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_KERNEL_EXPRESSIONS_H
