//===- CBPlaces.h - Circular buffers stand at the start ---------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_CBPLACES_H
#define TILEWRIGHT_COMPILER_PASSES_CBPLACES_H

#include "compiler/Dialect/TT/TT.h"

namespace tilewright {

/// Whether every circular buffer and accessor under `root` stands where all of
/// its program sees it, as the passes of stages C and D rely on; an error if
/// not.
mlir::LogicalResult checkPlaces(mlir::Operation *root);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_CBPLACES_H
