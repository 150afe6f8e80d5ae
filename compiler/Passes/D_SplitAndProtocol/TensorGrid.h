//===- TensorGrid.h - Extents of a tensor inside a kernel -------*- C++ -*-===//
//
// How many planes, rows and columns a tensor has, in elements and in tiles:
// numbers where the type has them, values at the top of the kernel where only a
// call knows.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_TENSORGRID_H
#define TILEWRIGHT_COMPILER_PASSES_D_TENSORGRID_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "mlir/IR/Builders.h"

namespace tilewright {

/// A number, or a value that holds it.
struct Extent {
  int64_t number = 1; ///< the least that it can be where there is a value
  mlir::Value value;

  bool isKnown() const { return !value; }
  bool operator==(int64_t other) const { return isKnown() && number == other; }
};

struct TensorGrid {
  Extent planes;             ///< product of the dimensions outside the plane
  Extent rows, cols;         ///< of a plane, in elements
  Extent tileRows, tileCols; ///< of a plane, in tiles
  int64_t pageBytes = 0;
};

/// The extents of `tensor` for the kernel that `accessor` stands in. Values are
/// made once a kernel, behind its accessors.
TensorGrid getTensorGrid(metalium::TensorOp tensor, mlir::Value accessor);

/// `extent` as a value: its own, or a constant at `builder`.
mlir::Value materialize(mlir::OpBuilder &builder, mlir::Location loc,
                        Extent extent);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_D_TENSORGRID_H
