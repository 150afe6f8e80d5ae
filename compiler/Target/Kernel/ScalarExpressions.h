//===- ScalarExpressions.h - Scalar operations as C++ -----------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALAREXPRESSIONS_H
#define TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALAREXPRESSIONS_H

#include "compiler/Dialect/Metalium/Metalium.h"
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
std::optional<std::string> expression(mlir::Operation *op,
                                      llvm::ArrayRef<std::string> operands);

/// The declaration of a tensor's elements `name`, by the class `kind`, on what
/// is named `accessor`, with pages at the address `base`.
std::string declareElements(metalium::ElementsOp op, llvm::StringRef kind,
                            llvm::StringRef name, llvm::StringRef accessor,
                            llvm::StringRef base);

/// The declaration of memory in L1, of elements of that type, as an array.
std::string declareArray(mlir::Type element, llvm::StringRef name,
                         llvm::StringRef address);

} // namespace tilewright::scalar

#endif // TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALAREXPRESSIONS_H
