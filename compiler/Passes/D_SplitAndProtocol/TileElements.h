//===- TileElements.h - Blocks that are not made of whole tiles -*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_TILEELEMENTS_H
#define TILEWRIGHT_COMPILER_PASSES_D_TILEELEMENTS_H

#include "compiler/Passes/D_SplitAndProtocol/TileTransfer.h"

namespace tilewright {

/// Pages of scratch memory: the tiles of a tensor that a tile of a block may
/// lie on, and one of them.
inline constexpr int64_t kReadScratchPages = 4, kWriteScratchPages = 1;

/// Elements of a region. A write covers no more rows and columns than the
/// numbers with a sign `rowLimit` and `colLimit`, where they are there.
struct ElementExtents {
  int64_t rows, cols;
  mlir::Value rowLimit = nullptr, colLimit = nullptr;
};

/// Puts a block together in L1 from `l1` on, tile after tile. `region.row` and
/// `region.col` are elements. `scratch` is the L1 address of four tiles of the
/// tensor's format. The data is there when the calls have run.
mlir::LogicalResult emitElementReads(mlir::OpBuilder &builder,
                                     mlir::Location loc, BlockRegion region,
                                     ElementExtents extents,
                                     mlir::Value scratch, mlir::Value l1);

/// Writes the elements of a block that the region has, and nothing else of the
/// tensor. `scratch` is the L1 address of one tile. The data has left L1 when
/// the calls have run.
mlir::LogicalResult emitElementWrites(mlir::OpBuilder &builder,
                                      mlir::Location loc, BlockRegion region,
                                      ElementExtents extents,
                                      mlir::Value scratch, mlir::Value l1);

/// Byte of element (row, col) in a tile of elements of `bytes` bytes: four
/// faces of 16 x 16, row-major.
mlir::Value byteInTile(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::Value row, mlir::Value col, int64_t bytes);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_D_TILEELEMENTS_H
