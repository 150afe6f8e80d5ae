//===- core_coord.hpp - Cores, rectangles and sets of them ------*- C++ -*-===//
//
// Logical coordinates: x counts columns, y counts rows. A range includes both
// of its corners.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <tt_stl/span.hpp>

namespace tt::tt_metal {

struct CoreCoord {
  std::size_t x = 0;
  std::size_t y = 0;

  constexpr CoreCoord() = default;
  constexpr CoreCoord(std::size_t x, std::size_t y) : x(x), y(y) {}
  constexpr auto operator<=>(const CoreCoord &) const = default;
  std::string str() const;
};

std::ostream &operator<<(std::ostream &os, const CoreCoord &core);

class CoreRangeSet;

class CoreRange {
public:
  CoreCoord start_coord;
  CoreCoord end_coord;

  CoreRange(const CoreCoord &point);
  /// Throws std::runtime_error when `end` lies before `start`.
  CoreRange(const CoreCoord &start, const CoreCoord &end);

  constexpr auto operator<=>(const CoreRange &) const = default;

  bool intersects(const CoreRange &other) const;
  std::optional<CoreRange> intersection(const CoreRange &other) const;
  bool contains(const CoreCoord &core) const;
  bool contains(const CoreRange &other) const;
  std::string str() const;
  /// Number of cores.
  std::size_t size() const;
  CoreCoord grid_size() const;

  /// Cores row by row.
  class CoreIterator {
  public:
    CoreIterator(const CoreCoord &current, const CoreRange &range)
        : current(current), range(&range) {}
    CoreCoord &operator*() { return current; }
    CoreIterator &operator++();
    bool operator==(const CoreIterator &other) const {
      return current == other.current;
    }

  private:
    CoreCoord current;
    const CoreRange *range;
  };
  CoreIterator begin() const { return {start_coord, *this}; }
  CoreIterator end() const { return {{start_coord.x, end_coord.y + 1}, *this}; }
};

class CoreRangeSet {
public:
  CoreRangeSet() = default;
  CoreRangeSet(const CoreRange &range);
  /// Throw std::runtime_error when two ranges overlap.
  CoreRangeSet(tt::stl::Span<const CoreRange> ranges);
  CoreRangeSet(std::vector<CoreRange> &&ranges);
  CoreRangeSet(const std::set<CoreRange> &ranges);
  CoreRangeSet(tt::stl::Span<const CoreCoord> cores);

  bool empty() const { return ranges_.empty(); }
  /// Number of ranges.
  std::size_t size() const { return ranges_.size(); }
  const std::vector<CoreRange> &ranges() const { return ranges_; }
  uint32_t num_cores() const;
  bool contains(const CoreCoord &core) const;
  bool contains(const CoreRange &range) const;
  bool contains(const CoreRangeSet &other) const;
  bool intersects(const CoreCoord &core) const { return contains(core); }
  bool intersects(const CoreRange &range) const;
  bool intersects(const CoreRangeSet &other) const;
  /// The union with the other ranges, as few rectangles as rows allow.
  CoreRangeSet merge(const CoreRangeSet &other) const;
  CoreRangeSet merge_ranges() const { return merge({}); }
  CoreRangeSet subtract(const CoreRangeSet &other) const;
  CoreRange bounding_box() const;
  std::string str() const;

private:
  void checkOverlap() const;

  std::vector<CoreRange> ranges_;
};

/// The same cores, however they are split into ranges.
bool operator==(const CoreRangeSet &lhs, const CoreRangeSet &rhs);

using CoreSpec = std::variant<CoreCoord, CoreRange, CoreRangeSet>;

/// The first cores of a grid: column by column, or row by row (`row_wise`).
std::vector<CoreCoord> grid_to_cores(uint32_t num_cores, uint32_t grid_size_x,
                                     uint32_t grid_size_y,
                                     bool row_wise = false);
std::vector<CoreCoord> grid_to_cores(CoreCoord start, CoreCoord end,
                                     bool row_wise = false);
std::vector<CoreCoord>
corerange_to_cores(const CoreRangeSet &cores,
                   std::optional<uint32_t> max_cores = std::nullopt,
                   bool row_wise = false);

} // namespace tt::tt_metal

// Older programs use these names without a namespace.
using CoreCoord = tt::tt_metal::CoreCoord;
using CoreRange = tt::tt_metal::CoreRange;
using CoreRangeSet = tt::tt_metal::CoreRangeSet;
using tt::tt_metal::corerange_to_cores;
using tt::tt_metal::grid_to_cores;

template <> struct std::hash<tt::tt_metal::CoreCoord> {
  std::size_t operator()(const tt::tt_metal::CoreCoord &core) const {
    return core.x << 16 ^ core.y;
  }
};
template <> struct std::hash<tt::tt_metal::CoreRange> {
  std::size_t operator()(const tt::tt_metal::CoreRange &range) const {
    const std::hash<tt::tt_metal::CoreCoord> hash;
    return hash(range.start_coord) * 31 + hash(range.end_coord);
  }
};
