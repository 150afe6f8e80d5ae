//===- Sharding.cpp - Shards over cores -----------------------------------===//
//
// The rules are those of buffer_distribution_spec.hpp. Dimensions are merged
// from the last one outwards: a dimension joins the one inside it when every
// dimension inside is whole in the shard, or when the shard is one deep there
// and divides the dimension inside.
//
//===----------------------------------------------------------------------===//

#include <tt-metalium/buffer_distribution_spec.hpp>
#include <tt-metalium/work_split.hpp>
#include <tt_stl/assert.hpp>

#include <algorithm>

namespace tt::tt_metal {
namespace {

uint32_t divideUp(uint64_t a, uint64_t b) {
  return static_cast<uint32_t>((a + b - 1) / b);
}

Shape toPages(Shape shape, const Shape2D &page) {
  TT_FATAL(page.height() != 0 && page.width() != 0, "a page has no elements");
  if (shape.rank() >= 1)
    shape[-1] = divideUp(shape[-1], page.width());
  if (shape.rank() >= 2)
    shape[-2] = divideUp(shape[-2], page.height());
  return shape;
}

std::pair<Shape, Shape> mergeDimensions(const Shape &tensor,
                                        const Shape &shard) {
  Shape::Container tensors, shards;
  bool wholeSoFar = true;
  bool innerDivides = false;
  uint64_t tensorVolume = 1, shardVolume = 1;
  const auto depth = static_cast<int32_t>(shard.rank());
  for (int32_t dim = -1; dim >= -depth; --dim) {
    const uint32_t extent = tensor[dim], part = shard[dim];
    if (dim < -1 && (wholeSoFar || (part == 1 && innerDivides))) {
      tensors.back() *= extent;
      shards.back() *= part;
    } else {
      tensors.push_back(extent);
      shards.push_back(part);
      wholeSoFar = true;
    }
    wholeSoFar = wholeSoFar && extent == part;
    innerDivides = extent % part == 0;
    tensorVolume *= extent;
    shardVolume *= part;
    if (tensorVolume == tensor.volume() && shardVolume == shard.volume())
      break;
  }
  for (int32_t dim = -depth - 1; dim >= -static_cast<int32_t>(tensor.rank());
       --dim)
    tensors.back() *= tensor[dim];
  std::reverse(tensors.begin(), tensors.end());
  std::reverse(shards.begin(), shards.end());
  return {Shape(std::move(tensors)), Shape(std::move(shards))};
}

/// The cores of a grid of shards laid on a grid of cores.
std::vector<CoreCoord> gridOfCores(const Shape &tensor, const Shape &shard,
                                   const CoreRangeSet &cores, bool rowMajor) {
  TT_FATAL(shard.rank() == 2, "GRID_2D needs shards of two dimensions, not {}",
           shard.rank());
  TT_FATAL(cores.ranges().size() == 1, "GRID_2D needs one rectangle of cores");
  const CoreRange &range = cores.ranges()[0];
  const uint64_t height = tensor[-1] ? tensor.volume() / tensor[-1] : 0;
  uint32_t across = std::max(divideUp(tensor[-1], shard[-1]), 1u);
  uint32_t down = std::max(divideUp(height, shard[-2]), 1u);
  if (!rowMajor)
    std::swap(across, down);
  TT_FATAL(across <= range.grid_size().x && down <= range.grid_size().y,
           "a grid of {}x{} shards does not fit on {}x{} cores", across, down,
           range.grid_size().x, range.grid_size().y);
  const CoreCoord start = range.start_coord;
  return grid_to_cores(start, {start.x + across - 1, start.y + down - 1},
                       rowMajor);
}

} // namespace

BufferDistributionSpec BufferDistributionSpec::from_shard_spec(
    Shape tensor_shape, Shape shard_shape, Shape2D page_shape,
    const CoreRangeSet &cores, ShardOrientation orientation,
    ShardDistributionStrategy strategy) {
  return BufferDistributionSpec(toPages(std::move(tensor_shape), page_shape),
                                toPages(std::move(shard_shape), page_shape),
                                cores, orientation, strategy);
}

BufferDistributionSpec::BufferDistributionSpec(
    const Shape &tensor_shape_in_pages, const Shape &shard_shape_in_pages,
    const CoreRangeSet &cores, ShardOrientation orientation,
    ShardDistributionStrategy strategy) {
  const bool rowMajor = orientation == ShardOrientation::ROW_MAJOR;
  initialize(tensor_shape_in_pages, shard_shape_in_pages);
  cores_ = strategy == ShardDistributionStrategy::GRID_2D
               ? gridOfCores(tensor_shape_in_pages, shard_shape_in_pages, cores,
                             rowMajor)
               : corerange_to_cores(cores, std::nullopt, rowMajor);
  TT_FATAL(!cores_.empty(), "a tensor is sharded over no cores");
}

BufferDistributionSpec::BufferDistributionSpec(
    const Shape &tensor_shape_in_pages, const Shape &shard_shape_in_pages,
    std::vector<CoreCoord> cores)
    : cores_(std::move(cores)) {
  initialize(tensor_shape_in_pages, shard_shape_in_pages);
  TT_FATAL(!cores_.empty(), "a tensor is sharded over no cores");
}

void BufferDistributionSpec::initialize(const Shape &tensorShape,
                                        const Shape &shardShape) {
  TT_FATAL(tensorShape.rank() >= 1 && shardShape.rank() >= 1,
           "a sharded tensor and its shards have at least one dimension");
  TT_FATAL(tensorShape.rank() >= shardShape.rank(),
           "shards of {} dimensions are cut from a tensor of {}",
           shardShape.rank(), tensorShape.rank());
  TT_FATAL(shardShape.volume() != 0, "the shards have no pages: {}",
           shardShape);
  std::tie(tensor, shard) = mergeDimensions(tensorShape, shardShape);
  shards = tensor.volume() ? 1 : 0;
  for (uint32_t i = 0; i < tensor.rank(); ++i)
    shards *= divideUp(tensor[i], shard[i]);
}

std::size_t BufferDistributionSpec::num_cores_with_data() const {
  return std::min(num_cores(), shards);
}
std::vector<CoreCoord> BufferDistributionSpec::cores_with_data() const {
  return {cores_.begin(), cores_.begin() + num_cores_with_data()};
}
std::size_t BufferDistributionSpec::max_num_shards_per_core() const {
  return divideUp(shards, num_cores());
}
std::size_t BufferDistributionSpec::max_num_dev_pages_per_core() const {
  return max_num_shards_per_core() * shard.volume();
}
std::size_t
BufferDistributionSpec::num_shards_per_core(std::size_t core) const {
  return shards / num_cores() + (core < shards % num_cores() ? 1 : 0);
}
std::size_t
BufferDistributionSpec::num_dev_pages_per_core(std::size_t core) const {
  return num_shards_per_core(core) * shard.volume();
}

std::tuple<uint32_t, CoreRangeSet, CoreRangeSet, CoreRangeSet, uint32_t,
           uint32_t>
BufferDistributionSpec::core_groups_tuple() const {
  const auto set = [&](std::size_t begin, std::size_t end) {
    return CoreRangeSet(
        tt::stl::Span<const CoreCoord>(cores_.data() + begin, end - begin));
  };
  const auto used = static_cast<uint32_t>(num_cores_with_data());
  if (used == 0)
    return {0, {}, {}, {}, 0, 0};
  const auto each = static_cast<uint32_t>(shards / num_cores());
  const std::size_t more = shards % num_cores();
  if (more == 0)
    return {used, set(0, used), set(0, used), {}, each, 0};
  return {used, set(0, used), set(0, more), set(more, used), each + 1, each};
}

std::pair<std::size_t, std::size_t>
BufferDistributionSpec::placeOfPage(uint64_t page) const {
  std::size_t number = 0, inShard = 0, shardStep = 1, pageStep = 1;
  for (auto i = static_cast<int32_t>(tensor.rank()); i-- > 0;) {
    const uint64_t at = page % tensor[i];
    page /= tensor[i];
    number += at / shard[i] * shardStep;
    inShard += at % shard[i] * pageStep;
    shardStep *= divideUp(tensor[i], shard[i]);
    pageStep *= shard[i];
  }
  return {number % num_cores(),
          number / num_cores() * shard.volume() + inShard};
}

UncompressedBufferPageMapping
BufferDistributionSpec::compute_page_mapping() const {
  UncompressedBufferPageMapping mapping;
  mapping.all_cores = cores_;
  mapping.core_host_page_indices.assign(
      num_cores(),
      std::vector<uint32_t>(max_num_dev_pages_per_core(),
                            UncompressedBufferPageMapping::PADDING));
  for (uint64_t page = 0; page < tensor.volume(); ++page) {
    const auto [core, place] = placeOfPage(page);
    mapping.core_host_page_indices[core][place] = static_cast<uint32_t>(page);
  }
  return mapping;
}

} // namespace tt::tt_metal
