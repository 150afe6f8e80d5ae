//===- CoreCoord.cpp - Rectangles of cores and the split of work
//-----------===//
//
// A set of cores is kept as the rectangles that it was given as. Set operations
// go through the list of cores and make rectangles again: runs along a row,
// joined with the equal run of the row above.
//
//===----------------------------------------------------------------------===//

#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/work_split.hpp>
#include <tt_stl/assert.hpp>

#include <algorithm>

namespace tt::tt_metal {

std::string CoreCoord::str() const {
  return "(x=" + std::to_string(x) + ",y=" + std::to_string(y) + ")";
}

std::ostream &operator<<(std::ostream &os, const CoreCoord &core) {
  return os << core.str();
}

//===----------------------------------------------------------------------===//
// CoreRange
//===----------------------------------------------------------------------===//

CoreRange::CoreRange(const CoreCoord &point)
    : start_coord(point), end_coord(point) {}

CoreRange::CoreRange(const CoreCoord &start, const CoreCoord &end)
    : start_coord(start), end_coord(end) {
  TT_FATAL(start.x <= end.x && start.y <= end.y,
           "a core range must not end before it starts: {} to {}", start, end);
}

bool CoreRange::intersects(const CoreRange &other) const {
  return intersection(other).has_value();
}

std::optional<CoreRange> CoreRange::intersection(const CoreRange &other) const {
  const CoreCoord start{std::max(start_coord.x, other.start_coord.x),
                        std::max(start_coord.y, other.start_coord.y)};
  const CoreCoord end{std::min(end_coord.x, other.end_coord.x),
                      std::min(end_coord.y, other.end_coord.y)};
  if (start.x > end.x || start.y > end.y)
    return std::nullopt;
  return CoreRange(start, end);
}

bool CoreRange::contains(const CoreCoord &core) const {
  return start_coord.x <= core.x && core.x <= end_coord.x &&
         start_coord.y <= core.y && core.y <= end_coord.y;
}

bool CoreRange::contains(const CoreRange &other) const {
  return contains(other.start_coord) && contains(other.end_coord);
}

std::string CoreRange::str() const {
  return "[" + start_coord.str() + " - " + end_coord.str() + "]";
}

std::size_t CoreRange::size() const { return grid_size().x * grid_size().y; }

CoreCoord CoreRange::grid_size() const {
  return {end_coord.x - start_coord.x + 1, end_coord.y - start_coord.y + 1};
}

CoreRange::CoreIterator &CoreRange::CoreIterator::operator++() {
  if (++current.x > range->end_coord.x)
    current = {range->start_coord.x, current.y + 1};
  return *this;
}

//===----------------------------------------------------------------------===//
// CoreRangeSet
//===----------------------------------------------------------------------===//

namespace {

std::vector<CoreCoord> rowMajorCores(const std::vector<CoreRange> &ranges) {
  std::vector<CoreCoord> cores;
  for (const CoreRange &range : ranges)
    for (const CoreCoord core : range)
      cores.push_back(core);
  std::sort(cores.begin(), cores.end(), [](const auto &a, const auto &b) {
    return std::pair(a.y, a.x) < std::pair(b.y, b.x);
  });
  cores.erase(std::unique(cores.begin(), cores.end()), cores.end());
  return cores;
}

/// Rectangles of sorted cores.
std::vector<CoreRange> rectangles(const std::vector<CoreCoord> &cores) {
  std::vector<CoreRange> result;
  for (std::size_t i = 0; i < cores.size();) {
    std::size_t end = i + 1;
    while (end < cores.size() && cores[end].y == cores[i].y &&
           cores[end].x == cores[end - 1].x + 1)
      ++end;
    const CoreRange run(cores[i], cores[end - 1]);
    const auto above =
        std::find_if(result.begin(), result.end(), [&](const CoreRange &r) {
          return r.start_coord.x == run.start_coord.x &&
                 r.end_coord.x == run.end_coord.x &&
                 r.end_coord.y + 1 == run.start_coord.y;
        });
    if (above == result.end())
      result.push_back(run);
    else
      above->end_coord.y = run.end_coord.y;
    i = end;
  }
  return result;
}

} // namespace

CoreRangeSet::CoreRangeSet(const CoreRange &range) : ranges_{range} {}

CoreRangeSet::CoreRangeSet(tt::stl::Span<const CoreRange> ranges)
    : ranges_(ranges.begin(), ranges.end()) {
  checkOverlap();
}

CoreRangeSet::CoreRangeSet(std::vector<CoreRange> &&ranges)
    : ranges_(std::move(ranges)) {
  checkOverlap();
}

CoreRangeSet::CoreRangeSet(const std::set<CoreRange> &ranges)
    : ranges_(ranges.begin(), ranges.end()) {
  checkOverlap();
}

CoreRangeSet::CoreRangeSet(tt::stl::Span<const CoreCoord> cores)
    : ranges_(cores.begin(), cores.end()) {
  checkOverlap();
  ranges_ = rectangles(rowMajorCores(ranges_));
}

void CoreRangeSet::checkOverlap() const {
  for (std::size_t i = 0; i < ranges_.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      TT_FATAL(!ranges_[i].intersects(ranges_[j]),
               "the core ranges {} and {} overlap", ranges_[j].str(),
               ranges_[i].str());
}

uint32_t CoreRangeSet::num_cores() const {
  uint32_t cores = 0;
  for (const CoreRange &range : ranges_)
    cores += range.size();
  return cores;
}

bool CoreRangeSet::contains(const CoreCoord &core) const {
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [&](const CoreRange &r) { return r.contains(core); });
}

bool CoreRangeSet::contains(const CoreRange &range) const {
  for (const CoreCoord core : range)
    if (!contains(core))
      return false;
  return true;
}

bool CoreRangeSet::contains(const CoreRangeSet &other) const {
  return std::all_of(other.ranges_.begin(), other.ranges_.end(),
                     [&](const CoreRange &r) { return contains(r); });
}

bool CoreRangeSet::intersects(const CoreRange &range) const {
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [&](const CoreRange &r) { return r.intersects(range); });
}

bool CoreRangeSet::intersects(const CoreRangeSet &other) const {
  return std::any_of(other.ranges_.begin(), other.ranges_.end(),
                     [&](const CoreRange &r) { return intersects(r); });
}

CoreRangeSet CoreRangeSet::merge(const CoreRangeSet &other) const {
  std::vector<CoreRange> all = ranges_;
  all.insert(all.end(), other.ranges_.begin(), other.ranges_.end());
  return CoreRangeSet(rectangles(rowMajorCores(all)));
}

CoreRangeSet CoreRangeSet::subtract(const CoreRangeSet &other) const {
  std::vector<CoreCoord> cores = rowMajorCores(ranges_);
  std::erase_if(cores,
                [&](const CoreCoord &core) { return other.contains(core); });
  return CoreRangeSet(rectangles(cores));
}

CoreRange CoreRangeSet::bounding_box() const {
  TT_FATAL(!empty(), "an empty set of cores has no bounding box");
  CoreRange box = ranges_.front();
  for (const CoreRange &r : ranges_) {
    box.start_coord = {std::min(box.start_coord.x, r.start_coord.x),
                       std::min(box.start_coord.y, r.start_coord.y)};
    box.end_coord = {std::max(box.end_coord.x, r.end_coord.x),
                     std::max(box.end_coord.y, r.end_coord.y)};
  }
  return box;
}

std::string CoreRangeSet::str() const {
  std::string text = "{";
  for (const CoreRange &range : ranges_)
    text += (text.size() > 1 ? ", " : "") + range.str();
  return text + "}";
}

bool operator==(const CoreRangeSet &lhs, const CoreRangeSet &rhs) {
  return rowMajorCores(lhs.ranges()) == rowMajorCores(rhs.ranges());
}

//===----------------------------------------------------------------------===//
// Lists of cores and the split of work
//===----------------------------------------------------------------------===//

std::vector<CoreCoord> grid_to_cores(uint32_t num_cores, uint32_t grid_size_x,
                                     uint32_t grid_size_y, bool row_wise) {
  TT_FATAL(num_cores <= grid_size_x * grid_size_y,
           "{} cores are asked of a grid of {}x{}", num_cores, grid_size_x,
           grid_size_y);
  std::vector<CoreCoord> cores;
  for (uint32_t i = 0; i < num_cores; ++i)
    cores.push_back(row_wise ? CoreCoord(i % grid_size_x, i / grid_size_x)
                             : CoreCoord(i / grid_size_y, i % grid_size_y));
  return cores;
}

std::vector<CoreCoord> grid_to_cores(CoreCoord start, CoreCoord end,
                                     bool row_wise) {
  const CoreCoord size = CoreRange(start, end).grid_size();
  std::vector<CoreCoord> cores =
      grid_to_cores(size.x * size.y, size.x, size.y, row_wise);
  for (CoreCoord &core : cores)
    core = {core.x + start.x, core.y + start.y};
  return cores;
}

std::vector<CoreCoord> corerange_to_cores(const CoreRangeSet &cores,
                                          std::optional<uint32_t> max_cores,
                                          bool row_wise) {
  std::vector<CoreCoord> result;
  for (const CoreRange &range : cores.ranges())
    for (const CoreCoord core :
         grid_to_cores(range.start_coord, range.end_coord, row_wise))
      if (!max_cores || result.size() < *max_cores)
        result.push_back(core);
  return result;
}

CoreRangeSet num_cores_to_corerangeset(CoreCoord start_core,
                                       uint32_t target_num_cores,
                                       CoreCoord grid_size, bool row_wise) {
  const std::vector<CoreCoord> all = grid_to_cores(
      grid_size.x * grid_size.y, grid_size.x, grid_size.y, row_wise);
  const auto first = std::find(all.begin(), all.end(), start_core);
  TT_FATAL(std::size_t(all.end() - first) >= target_num_cores,
           "{} cores from {} on do not fit in a grid of {}x{}",
           target_num_cores, start_core, grid_size.x, grid_size.y);
  return CoreRangeSet(tt::stl::Span<const CoreCoord>(
      all.data() + (first - all.begin()), target_num_cores));
}

CoreRangeSet num_cores_to_corerangeset(uint32_t target_num_cores,
                                       CoreCoord grid_size, bool row_wise) {
  return num_cores_to_corerangeset({0, 0}, target_num_cores, grid_size,
                                   row_wise);
}

namespace {

using WorkSplit = std::tuple<uint32_t, CoreRangeSet, CoreRangeSet, CoreRangeSet,
                             uint32_t, uint32_t>;

WorkSplit splitOverCores(const std::vector<CoreCoord> &cores, uint32_t units) {
  if (units == 0 || cores.empty())
    return {0, {}, {}, {}, 0, 0};
  const auto used =
      static_cast<uint32_t>(std::min<std::size_t>(units, cores.size()));
  const uint32_t each = units / used;
  const uint32_t more = units % used;
  const auto set = [&](uint32_t begin, uint32_t end) {
    return CoreRangeSet(
        tt::stl::Span<const CoreCoord>(cores.data() + begin, end - begin));
  };
  if (more == 0)
    return {used, set(0, used), set(0, used), {}, each, 0};
  return {used, set(0, used), set(0, more), set(more, used), each + 1, each};
}

} // namespace

WorkSplit split_work_to_cores(CoreCoord grid_size, uint32_t units,
                              bool row_wise) {
  return splitOverCores(grid_to_cores(grid_size.x * grid_size.y, grid_size.x,
                                      grid_size.y, row_wise),
                        units);
}

WorkSplit split_work_to_cores(const CoreRangeSet &core_grid, uint32_t units,
                              bool row_wise) {
  return splitOverCores(corerange_to_cores(core_grid, std::nullopt, row_wise),
                        units);
}

int find_max_divisor(uint32_t value, uint32_t start) {
  uint32_t divisor = std::max(1u, std::min(start, value));
  while (value % divisor != 0)
    --divisor;
  return static_cast<int>(divisor);
}

} // namespace tt::tt_metal
