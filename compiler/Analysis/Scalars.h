//===- Scalars.h - Integers that steer a program ----------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_ANALYSIS_SCALARS_H
#define TILEWRIGHT_COMPILER_ANALYSIS_SCALARS_H

#include "compiler/Analysis/IndexExpr.h"

namespace tilewright {

/// Whether `buffer` holds one integer that is only loaded, and is stored and
/// filled outside parallel loops only.
bool isScalarBuffer(mlir::Value buffer);

/// Whether `tensor` holds integers that are only read, one at a time, outside
/// parallel loops.
bool isSteeringTensor(mlir::Value tensor);

/// Whether a value of `expr` comes from a tensor, or is a scalar that a loop
/// carries: known only when the kernel runs, and of any size.
bool dependsOnScalars(const IndexExpr &expr);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_ANALYSIS_SCALARS_H
