//===- ParallelAccess.h - How parallel bodies touch buffers --- *- C++ -*-===//
//
// Terms. The *space* of a parallel loop is the plane of elements that one
// iteration each computes: a loop variable along the rows, one along the
// columns (either may be absent: extent 1). An access is *plain* in a dimension
// when its index there is `base + v` with v a loop variable of the space, or
// `base` alone, where base does not change in the loop.
//
// Algorithm:
//   1. Loop variables of extent 1 are 0.
//   2. The stores give the space: all of them must use each loop variable once,
//      and in the same dimensions of their tile planes.
//   3. A load is classified against the space: both variables in their
//      dimensions (same), one of them (row, column), none (scalar), or
//      exchanged (transposed). A vector that lies the other way is *turned*:
//      transposed before or after. What is not plain has no tile form.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_ANALYSIS_PARALLELACCESS_H
#define TILEWRIGHT_COMPILER_ANALYSIS_PARALLELACCESS_H

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Elements of the tile plane of a tensor or buffer.
struct PlaneExtents {
  int64_t rows = 1;
  int64_t cols = 1;
  bool operator==(const PlaneExtents &) const = default;
  int64_t tileRows() const { return (rows + 31) / 32; }
  int64_t tileCols() const { return (cols + 31) / 32; }
};

/// Layout of a memref after stage A, or null.
tt::LayoutAttr getLayout(mlir::Value memref);
/// Plane of `shape` under `layout`.
PlaneExtents getPlaneExtents(llvm::ArrayRef<int64_t> shape,
                             tt::LayoutAttr layout);

/// One load or store of a parallel body.
struct ParallelAccess {
  mlir::Operation *op = nullptr;
  mlir::Value memref;
  tt::AccessKind kind = tt::AccessKind::Same;
  /// The vector lies along the other dimension of its own plane.
  bool turned = false;
  /// Elements of the plane that the loop touches.
  PlaneExtents region;
  /// Element offsets of the region: plane row, plane column.
  IndexExpr row, col;
  /// Index of every dimension outside the plane, in order.
  std::vector<IndexExpr> outer;
};

class ParallelAnalysis {
public:
  /// Emits one located diagnostic when an access has no tile form.
  mlir::LogicalResult analyze(tile::ParallelOp loop);

  PlaneExtents getSpace() const { return space; }
  /// Loop variables along the rows and the columns of the space; -1 for none.
  std::pair<int, int> getPlane() const { return {rowVariable, colVariable}; }
  llvm::ArrayRef<ParallelAccess> getLoads() const { return loads; }
  llvm::ArrayRef<ParallelAccess> getStores() const { return stores; }

private:
  /// An index as base + variable (-1 for none).
  struct Index {
    IndexExpr base;
    int variable = -1;
  };
  mlir::LogicalResult collect(mlir::Operation *op);
  mlir::FailureOr<Index> split(mlir::Operation *op, mlir::Value memref,
                               IndexExpr index);
  mlir::LogicalResult addStore(ParallelAccess access, int row, int col);
  mlir::LogicalResult classify(ParallelAccess &access, int row, int col);
  bool isVectorSpace() const { return rowVariable == -1 || colVariable == -1; }
  std::string describe(const ParallelAccess &access) const;
  mlir::InFlightDiagnostic noTileForm(const ParallelAccess &access);

  tile::ParallelOp loop;
  PlaneExtents space;
  int rowVariable = -1, colVariable = -1;
  std::vector<ParallelAccess> loads, stores;
  llvm::SmallVector<std::pair<int, int>> loadVariables;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_ANALYSIS_PARALLELACCESS_H
