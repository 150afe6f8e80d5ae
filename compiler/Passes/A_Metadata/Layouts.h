//===- Layouts.h - Every tensor and buffer has a layout ---------*- C++ -*-===//
//
// What holds from pass A1 on, for the passes that rely on it: IR from a file
// may say anything.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_LAYOUTS_H
#define TILEWRIGHT_COMPILER_PASSES_LAYOUTS_H

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// The layout of a tensor or buffer. An error at `location` where there is
/// none, or one whose tiles do not hold the elements.
mlir::FailureOr<tt::LayoutAttr> requireLayout(mlir::Value memref,
                                              mlir::Location location);

/// Whether all tensors and buffers of `func` have layouts; an error if not.
mlir::LogicalResult requireLayouts(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_LAYOUTS_H
