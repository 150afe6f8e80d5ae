//===- buffer_distribution_spec.hpp - Shards over cores ---------*- C++ -*-===//
//
// A tensor of pages is cut into shards of one shape; shards are numbered
// row-major over the grid of shards, and shard s lies on core s mod cores,
// after the s / cores shards before it there. The pages of a shard follow one
// another row-major; a shard that reaches beyond the tensor keeps its size.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include <tt-metalium/buffer_page_mapping.hpp>
#include <tt-metalium/buffer_types.hpp>
#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/shape.hpp>
#include <tt-metalium/shape2d.hpp>

namespace tt::tt_metal {

class BufferDistributionSpec {
public:
  /// Shapes in elements; pages tile the last two dimensions.
  static BufferDistributionSpec
  from_shard_spec(Shape tensor_shape, Shape shard_shape, Shape2D page_shape,
                  const CoreRangeSet &cores, ShardOrientation orientation,
                  ShardDistributionStrategy strategy =
                      ShardDistributionStrategy::ROUND_ROBIN_1D);

  /// Shapes in pages. Throws std::runtime_error for shapes without pages, a
  /// shard of higher rank than the tensor, and, with GRID_2D, for more shards
  /// in a row or column than the one rectangle of cores has.
  BufferDistributionSpec(const Shape &tensor_shape_in_pages,
                         const Shape &shard_shape_in_pages,
                         const CoreRangeSet &cores,
                         ShardOrientation orientation,
                         ShardDistributionStrategy strategy =
                             ShardDistributionStrategy::ROUND_ROBIN_1D);
  BufferDistributionSpec(const Shape &tensor_shape_in_pages,
                         const Shape &shard_shape_in_pages,
                         std::vector<CoreCoord> cores);

  /// Both of one rank, with dimensions merged where that changes no address.
  const Shape &tensor_shape_in_pages() const { return tensor; }
  const Shape &shard_shape_in_pages() const { return shard; }
  const std::vector<CoreCoord> &cores() const { return cores_; }
  std::size_t num_cores() const { return cores_.size(); }
  std::size_t num_shards() const { return shards; }
  std::size_t num_cores_with_data() const;
  std::vector<CoreCoord> cores_with_data() const;
  std::size_t max_num_shards_per_core() const;
  std::size_t max_num_dev_pages_per_core() const;
  std::size_t num_shards_per_core(std::size_t core_index) const;
  std::size_t num_dev_pages_per_core(std::size_t core_index) const;
  /// As split_work_to_cores gives it, with shards as units.
  std::tuple<uint32_t, CoreRangeSet, CoreRangeSet, CoreRangeSet, uint32_t,
             uint32_t>
  core_groups_tuple() const;

  /// Core (index) of a page of the tensor, and its place there in pages.
  std::pair<std::size_t, std::size_t> placeOfPage(uint64_t page) const;
  UncompressedBufferPageMapping compute_page_mapping() const;

private:
  void initialize(const Shape &tensorShape, const Shape &shardShape);

  Shape tensor;
  Shape shard;
  std::vector<CoreCoord> cores_;
  std::size_t shards = 0;
};

} // namespace tt::tt_metal
