//===- LowerInspections.h - What the writer prints and checks ---*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_LOWERINSPECTIONS_H
#define TILEWRIGHT_COMPILER_PASSES_D_LOWERINSPECTIONS_H

#include "compiler/Dialect/TT/TT.h"

namespace tilewright {

/// Makes calls of `inspect`. `l1` is the byte address of its block, nothing for
/// a scalar or a message.
void lowerInspection(tt::InspectOp inspect, mlir::Value l1);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_D_LOWERINSPECTIONS_H
