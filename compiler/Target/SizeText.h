//===- SizeText.h - Expressions over sizes as text --------------*- C++ -*-===//
//
// What follows from the sizes that only a call knows (extents, pages, work
// items) is kept as expressions whose symbols are the sizes of the program, and
// printed for the plan and for the host program.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_TARGET_SIZETEXT_H
#define TILEWRIGHT_COMPILER_TARGET_SIZETEXT_H

#include "mlir/IR/AffineExpr.h"
#include "llvm/ADT/ArrayRef.h"

#include <string>

namespace tilewright {

/// JSON: a number, the name of a size, or [operator, a, b] with an operator of
/// +, *, floordiv, ceildiv and mod.
std::string sizeAsJson(mlir::AffineExpr expr,
                       llvm::ArrayRef<std::string> names);

/// C++ on unsigned integers.
std::string sizeAsCpp(mlir::AffineExpr expr, llvm::ArrayRef<std::string> names);

/// The value for these sizes.
int64_t evaluateSize(mlir::AffineExpr expr, llvm::ArrayRef<int64_t> sizes);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_SIZETEXT_H
