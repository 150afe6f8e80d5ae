//===- tensor_types.hpp - The shard specification of N dimensions *- C++ -*-==//
#pragma once

#include <utility>

#include <tt-metalium/buffer_types.hpp>
#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/shape.hpp>

namespace tt::tt_metal {

/// Shards of `shard_shape` elements over the cores of `grid`.
/// BufferDistributionSpec::from_shard_spec makes a distribution of it.
struct NdShardSpec {
  Shape shard_shape;
  CoreRangeSet grid;
  ShardOrientation orientation = ShardOrientation::ROW_MAJOR;
  ShardDistributionStrategy shard_distribution_strategy =
      ShardDistributionStrategy::ROUND_ROBIN_1D;

  NdShardSpec with_shard_shape(Shape new_shard_shape) const {
    return {std::move(new_shard_shape), grid, orientation,
            shard_distribution_strategy};
  }
  bool operator==(const NdShardSpec &) const = default;
};

} // namespace tt::tt_metal
