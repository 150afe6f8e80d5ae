//===- ScalarExpressions.h - Scalar operations as C++ -----------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALAREXPRESSIONS_H
#define TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALAREXPRESSIONS_H

#include "mlir/IR/Operation.h"

#include <optional>
#include <string>

namespace tilewright::scalar {

/// The C++ type of a variable of that type; "" for one that has none.
std::string cppType(mlir::Type type);

/// The C++ type of an element of that type in memory.
std::string wordType(mlir::Type type);

/// `bf16` and the like for types that memory holds in fewer than 32 bits; ""
/// for others.
llvm::StringRef smallFloat(mlir::Type type);

/// The alias declaration of a name that smallFloat gives.
std::string smallFloatAlias(llvm::StringRef name);

/// A constant.
std::optional<std::string> literal(mlir::Value value);

/// The expression of a pure operation on `operands`; nothing for one that has
/// no form. Operands are primary expressions.
std::optional<std::string>
expression(mlir::Operation *op, llvm::ArrayRef<std::string> operands);

} // namespace tilewright::scalar

#endif // TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALAREXPRESSIONS_H
