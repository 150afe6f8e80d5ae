//===- Scalars.h - Integers that steer a program -----------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_ANALYSIS_SCALARS_H
#define TILEWRIGHT_COMPILER_ANALYSIS_SCALARS_H

#include "mlir/IR/Value.h"

namespace tilewright {

/// Whether `buffer` holds one integer that is only loaded, and is stored and
/// filled outside parallel loops only.
bool isScalarBuffer(mlir::Value buffer);

/// Whether `tensor` holds integers that are only read, one at a time, outside
/// parallel loops.
bool isSteeringTensor(mlir::Value tensor);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_ANALYSIS_SCALARS_H
