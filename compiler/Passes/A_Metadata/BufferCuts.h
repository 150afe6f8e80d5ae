//===- BufferCuts.h - Where buffers and loops are cut -----------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_BUFFERCUTS_H
#define TILEWRIGHT_COMPILER_PASSES_A_BUFFERCUTS_H

#include "compiler/Dialect/Tile/Tile.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/MapVector.h"

#include <optional>
#include <set>

namespace tilewright {

/// What an index of a parallel loop's access does in one dimension: it runs
/// from `start` with a loop index, or stands at `start`.
struct DimAccess {
  int64_t start = 0, size = 1;
  int loopIndex = -1;
};
/// Nothing where an index is something else.
std::optional<llvm::SmallVector<DimAccess>>
getDimAccesses(mlir::Operation *access);

/// The dimensions of a region that are not 1, which copies match in order.
llvm::SmallVector<unsigned> getRunningDims(llvm::ArrayRef<int64_t> sizes);

/// Inner ends of parts, in each dimension of a buffer or index of a loop.
using Cuts = llvm::SmallVector<std::set<int64_t>>;

/// Finds where the buffers of a launch have to be cut, and with them its
/// parallel loops and the buffers that share their indices.
class BufferCuts {
public:
  explicit BufferCuts(tile::LaunchOp launch) : launch(launch) {}

  /// Whether there is something to cut and everything can be cut.
  bool find();

  /// Start and size of each part of a dimension; the whole where it is not cut.
  using Parts = llvm::SmallVector<std::pair<int64_t, int64_t>>;
  Parts getParts(mlir::Value buffer, unsigned dim) const;
  Parts getParts(tile::ParallelOp loop, unsigned index) const;
  bool isCut(mlir::Value buffer) const { return buffers.contains(buffer); }
  llvm::ArrayRef<mlir::Value> getBuffers() const { return order; }

private:
  void start(tile::AllocOp alloc);
  void startAccess(mlir::Value buffer, unsigned dim, int64_t first,
                   int64_t size, bool isLoad);
  void cut(mlir::Value buffer, unsigned dim, int64_t at);
  void cutLoop(tile::ParallelOp loop, unsigned index, int64_t at);
  void pass(mlir::OpOperand &use, unsigned dim, int64_t at);
  void passCopy(tile::CopyOp copy, bool isSource, unsigned dim, int64_t at);
  void passReduce(tile::ReduceOp reduce, bool isSource, unsigned dim,
                  int64_t at);
  void passGemm(tile::GemmOp gemm, unsigned operand, unsigned dim, int64_t at);

  tile::LaunchOp launch;
  llvm::DenseMap<mlir::Value, Cuts> buffers;
  llvm::DenseMap<mlir::Operation *, Cuts> loops;
  llvm::SmallVector<mlir::Value> order;
  bool failed = false;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_BUFFERCUTS_H
