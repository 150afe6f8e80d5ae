//===- ShardOwners.h - The shard that a block lies in -----------*- C++ -*-===//
//
// In mode `local_shard` a core does the blocks whose result (or first operand)
// lies in its own shard of a tensor in L1:
//
//   1. The tensor is the first one in L1 that is sharded and written, else the
//      first one that is read.
//   2. For each block of the launch, the place of the tensor's region is found
//      by evaluating the offsets of its copy with the block's ids; loop
//      counters stand at their first value.
//   3. The shard that holds this element owns the block.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_SHARDOWNERS_H
#define TILEWRIGHT_COMPILER_PASSES_SHARDOWNERS_H

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"

#include <vector>

namespace tilewright {

struct ShardOwners {
  tt::ShardAttr shard;        ///< null when no tensor is sharded over L1
  mlir::Value tensor;         ///< whose shards they are
  std::vector<int64_t> owner; ///< shard of each block, row-major
};

/// An error says which offset is not known before the kernel runs.
mlir::FailureOr<ShardOwners> findShardOwners(tile::LaunchOp launch,
                                             mlir::ArrayRef<int64_t> extents);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_SHARDOWNERS_H
