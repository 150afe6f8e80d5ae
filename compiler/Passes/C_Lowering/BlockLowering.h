//===- BlockLowering.h - From buffers to block values ---------- *- C++ -*-===//
//
// The worker of pass C1 for one core program. It walks the program in order and
// keeps, for each on-chip buffer, the block value that the buffer holds at this
// point:
//
//   1. A write of a buffer (copy, fill, gemm, parallel store) makes a new block
//      value and records it; a read uses the recorded one. No value recorded:
//      an uninitialised read, an error.
//   2. A loop carries the buffers that an iteration may read before writing, or
//      whose contents are read afterwards (BufferLiveness). The others have no
//      value when the body starts.
//   3. A condition around statements is a loop of one iteration or none, so
//      that what it leaves unchanged is carried past it like a loop's blocks;
//      stage D makes conditions of such loops again.
//   4. A transfer between DRAM and a buffer becomes a read or a write of tiles
//      through a circular buffer of its own: two transfers never share one, so
//      the order of pushes and pops is the order of the program.
//   5. Integers outside parallel bodies are scalars (LowerScalars.cpp).
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_C_BLOCKLOWERING_H
#define TILEWRIGHT_COMPILER_PASSES_C_BLOCKLOWERING_H

#include "compiler/Analysis/ParallelAccess.h"
#include "compiler/Passes/C_Lowering/Ramps.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"

namespace tilewright {

/// The extent of a dimension of a tensor: a number, or a size.
IndexExpr getTensorExtent(mlir::Value memref, int64_t dim);

class BlockLowering {
public:
  BlockLowering(tile::FuncOp func, tt::CoreProgramOp program);
  mlir::LogicalResult run();

private:
  /// A block of a tensor: where it starts and how large it is.
  struct TensorRegion {
    mlir::Value tensor;             // from tt.accessor
    PlaneExtents extents;           // elements
    IndexExpr outer, row, col;      // outer plane; tiles, or elements where
    bool inElements = false;        // it is not made of whole tiles
    mlir::Value rowLimit, colLimit; // with a sign; a write ends there
  };
  /// A transfer, kept to find reads of what the kernel writes.
  struct Transfer {
    mlir::Operation *op;
    TensorRegion region;
    bool isRead;
  };

  mlir::LogicalResult lowerBlock(mlir::Block &block);
  mlir::LogicalResult lowerOp(mlir::Operation *op);
  mlir::LogicalResult lower(tile::CopyOp copy);
  mlir::LogicalResult lower(tile::FillOp fill);
  mlir::LogicalResult lower(tile::GemmOp gemm);
  mlir::LogicalResult lower(tile::ReduceOp reduce);
  mlir::LogicalResult lower(tile::CumsumOp sums);
  mlir::LogicalResult lower(tile::PrintOp print);
  mlir::LogicalResult lower(tile::AssertOp check);
  mlir::LogicalResult lower(tile::CheckOp check);
  mlir::LogicalResult lower(tile::ForOp loop);
  mlir::LogicalResult lower(tile::ParallelOp loop);
  mlir::LogicalResult lower(mlir::memref::LoadOp load);
  mlir::LogicalResult lower(mlir::memref::StoreOp store);
  mlir::LogicalResult lowerItemLoop(mlir::scf::ForOp loop);
  void loopOverConditions();

  /// Shows or checks a buffer (one element of it, with offsets), or a number.
  mlir::LogicalResult inspectBlock(mlir::Operation *op, mlir::Value buffer,
                                   mlir::ValueRange offsets,
                                   mlir::StringRef message, bool isCheck);
  mlir::LogicalResult inspectScalar(mlir::Operation *op, mlir::Value scalar,
                                    mlir::StringRef message, bool isCheck);

  mlir::LogicalResult readScalar(mlir::memref::LoadOp load);
  mlir::LogicalResult replaceScalarLoads(tile::ParallelOp loop);
  mlir::LogicalResult checkScalarReads();

  mlir::LogicalResult lowerGather(tile::ParallelOp loop);
  mlir::LogicalResult lowerScatter(tile::ParallelOp loop);
  mlir::LogicalResult lowerOnChip(tile::ParallelOp loop);
  mlir::LogicalResult openSources(tile::ParallelOp loop,
                                  llvm::SmallVectorImpl<mlir::Value> &sources,
                                  llvm::SmallVectorImpl<mlir::Value> &pages);
  void fillBody(tile::ParallelOp loop, mlir::Region &region, mlir::Value buffer,
                mlir::OperandRange place, mlir::IRMapping &map);
  void copyBody(tile::ParallelOp loop, mlir::IRMapping &map,
                const llvm::MapVector<mlir::Value, mlir::Value> &held = {});
  mlir::LogicalResult lowerRead(tile::CopyOp copy);
  mlir::LogicalResult lowerWrite(tile::CopyOp copy);
  mlir::LogicalResult lowerMove(tile::CopyOp copy);
  mlir::LogicalResult checkWhole(tile::CopyOp copy, bool source);
  mlir::LogicalResult checkLoads(tile::ParallelOp loop,
                                 const ParallelAnalysis &analysis);

  /// The block that `buffer` holds, or an error at `user`.
  mlir::FailureOr<mlir::Value> read(mlir::Value buffer, mlir::Operation *user);
  /// `buffer` holds `block` from here; what made the block takes the buffer's
  /// name.
  void write(mlir::Value buffer, mlir::Value block);
  tt::BlockType getBlockType(PlaneExtents extents, mlir::Type element);

  /// Tile offsets of a region of `memref` that starts at plane element (row,
  /// col).
  mlir::FailureOr<TensorRegion>
  getRegion(mlir::Operation *op, mlir::StringRef what, mlir::Value memref,
            PlaneExtents extents, const IndexExpr &row, const IndexExpr &col,
            llvm::ArrayRef<IndexExpr> outer, bool isWrite);
  mlir::Value createRead(mlir::Operation *op, const TensorRegion &region,
                         mlir::StringRef name, int64_t depth);
  void createWrite(mlir::Operation *op, const TensorRegion &region,
                   mlir::Value block, mlir::StringRef name, int64_t depth);
  mlir::Value createCB(mlir::Location loc, mlir::StringRef name,
                       tt::DataFormat format, int64_t pages, int64_t depth);
  void orderReads();
  void shareScratch();

  /// `block` transposed: a vector that is needed the other way.
  mlir::Value turn(mlir::Location loc, mlir::Value block);
  /// `block` with `value` at and behind `extent` along `dim`.
  mlir::Value replacePadding(mlir::Operation *user, mlir::Value block,
                             tt::ReduceDim dim, int64_t extent,
                             mlir::TypedAttr value);
  mlir::Value reduceBlock(mlir::Location loc, mlir::Value block,
                          tt::ReduceKind kind, tt::ReduceDim dim);

  tile::FuncOp func;
  tt::CoreProgramOp program;
  mlir::OpBuilder builder;
  llvm::DenseMap<mlir::Value, mlir::Value> accessors;
  llvm::DenseMap<mlir::Value, mlir::Value> blocks;
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<mlir::Value>> carried;
  /// Loops that stand for the first arm of a condition, and the buffers that
  /// both arms overwrite.
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<mlir::Value>> overwritten;
  /// Blocks whose elements outside the buffer's extents are known to be zero.
  llvm::DenseSet<mlir::Value> zeroPadded;
  llvm::StringMap<int> names;
  Ramps ramps;
  std::vector<Transfer> transfers;
  /// For tensors whose elements the reader, or the writer, takes: the circular
  /// buffer of their pages.
  llvm::DenseMap<std::pair<mlir::Value, unsigned>, mlir::Value> elementPages;
  /// Buffers whose entry in `blocks` is an integer.
  llvm::DenseSet<mlir::Value> scalars;
  std::vector<tt::ReadScalarOp> scalarReads;
  llvm::SmallVector<int64_t> stages;
  mlir::Operation *lastCB = nullptr;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_C_BLOCKLOWERING_H
