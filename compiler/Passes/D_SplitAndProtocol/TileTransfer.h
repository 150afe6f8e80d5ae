//===- TileTransfer.h - Moving a block between a tensor and L1 --*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_TILETRANSFER_H
#define TILEWRIGHT_COMPILER_PASSES_D_TILETRANSFER_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "mlir/IR/Builders.h"

namespace tilewright {

/// A block of a tensor: block tile (r, c) is tile (row + r, col + c) of plane
/// `outer`, or (row + c, col + r) when transposed.
struct BlockRegion {
  mlir::Value accessor;
  mlir::Value outer, row, col; ///< in tiles
  int64_t rows, cols;          ///< of the block, in tiles
  bool isTransposed = false;
};

/// The tensor of the program that the region's accessor describes; an error at
/// `loc` (UnknownSymbol) where the accessor describes none.
mlir::FailureOr<metalium::TensorOp> tensorOf(mlir::Location loc,
                                             const BlockRegion &region);

/// Starts one page read for each tile of the block into L1 from `l1` on, tile
/// after tile; tiles outside the tensor are filled with zeros.
mlir::LogicalResult emitReads(mlir::OpBuilder &builder, mlir::Location loc,
                              BlockRegion region, mlir::Value l1);

/// Starts reads that fill one tile of the tensor's format in L1, from `l1` on,
/// with zeros.
mlir::LogicalResult emitZeros(mlir::OpBuilder &builder, mlir::Location loc,
                              BlockRegion region, mlir::Value l1);

/// Starts one page write for each tile of the block that lies inside the
/// tensor.
mlir::LogicalResult emitWrites(mlir::OpBuilder &builder, mlir::Location loc,
                               BlockRegion region, mlir::Value l1);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_D_TILETRANSFER_H
