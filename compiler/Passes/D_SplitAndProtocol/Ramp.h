//===- Ramp.h - Vectors of numbers that the reader writes -------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_RAMP_H
#define TILEWRIGHT_COMPILER_PASSES_D_RAMP_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/TT/TT.h"
#include "mlir/IR/Builders.h"

namespace tilewright {

/// Stores the numbers of `ramp` into its tiles, which begin at `l1`.
void emitRamp(mlir::OpBuilder &builder, tt::RampToCBOp ramp, mlir::Value l1);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_D_RAMP_H
