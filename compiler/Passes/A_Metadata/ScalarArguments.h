//===- ScalarArguments.h - Numbers that the caller passes -------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_SCALARARGUMENTS_H
#define TILEWRIGHT_COMPILER_PASSES_A_SCALARARGUMENTS_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Makes each scalar argument of `func` a tensor of one element, from which
/// the launch reads it. An error (ScalarArgument) where the number is needed
/// before the launch or has no form in memory.
mlir::LogicalResult lowerScalarArguments(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_SCALARARGUMENTS_H
