//===- SizeBounds.h - Indices below what sizes decide -----------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_SIZEBOUNDS_H
#define TILEWRIGHT_COMPILER_PASSES_D_SIZEBOUNDS_H

#include "mlir/IR/Value.h"

namespace tilewright {

/// Whether `index`, a block id or loop counter of a kernel, is from 0 and below
/// `limit`, a value that is computed from sizes, whatever the sizes are.
bool isBelowSize(mlir::Value index, mlir::Value limit);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_D_SIZEBOUNDS_H
