//===- SizeExprs.h - Index arithmetic on sizes as expressions ---*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_ANALYSIS_SIZEEXPRS_H
#define TILEWRIGHT_COMPILER_ANALYSIS_SIZEEXPRS_H

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace tilewright {

/// Reads values that are computed from sizes (`tt.size`, arguments of kernels of
/// kind `size`) as expressions over symbols, one for each size in the order in
/// which they are met.
class SizeExprs {
public:
  explicit SizeExprs(mlir::MLIRContext *context) : context(context) {}

  /// Nothing where another operation than a sum, difference, product,
  /// quotient, remainder by a positive constant, or constant decides the value.
  std::optional<mlir::AffineExpr> read(mlir::Value value);
  /// The symbol of the size of that name.
  mlir::AffineExpr getSymbol(llvm::StringRef name);
  llvm::ArrayRef<llvm::StringRef> getNames() const { return names; }

private:
  mlir::MLIRContext *context;
  llvm::SmallVector<llvm::StringRef> names;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_ANALYSIS_SIZEEXPRS_H
