//===- buffer_types.hpp - Where and how a buffer lies -----------*- C++ -*-===//
#pragma once

#include <cstdint>
#include <ostream>

namespace tt::tt_metal {

enum class TensorMemoryLayout {
  INTERLEAVED = 0,
  HEIGHT_SHARDED = 2,
  WIDTH_SHARDED = 3,
  BLOCK_SHARDED = 4,
  ND_SHARDED = 5,
};

inline std::ostream &operator<<(std::ostream &os, TensorMemoryLayout layout) {
  switch (layout) {
  case TensorMemoryLayout::INTERLEAVED:
    return os << "INTERLEAVED";
  case TensorMemoryLayout::HEIGHT_SHARDED:
    return os << "HEIGHT_SHARDED";
  case TensorMemoryLayout::WIDTH_SHARDED:
    return os << "WIDTH_SHARDED";
  case TensorMemoryLayout::BLOCK_SHARDED:
    return os << "BLOCK_SHARDED";
  case TensorMemoryLayout::ND_SHARDED:
    break;
  }
  return os << "ND_SHARDED";
}

enum class ShardOrientation { ROW_MAJOR = 0, COL_MAJOR };

enum class ShardDistributionStrategy {
  ROUND_ROBIN_1D = 0, ///< one shard to each core in turn
  GRID_2D = 1,        ///< the grid of shards on a grid of cores, one to one
};

enum class BufferType { DRAM, L1, SYSTEM_MEMORY, L1_SMALL, TRACE };

using DeviceAddr = std::uint64_t;

} // namespace tt::tt_metal
