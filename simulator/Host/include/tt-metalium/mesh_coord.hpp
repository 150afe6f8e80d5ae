//===- mesh_coord.hpp - Positions in a mesh of devices ----------*- C++ -*-===//
//
// Row-major, the first dimension outermost.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include <tt_stl/span.hpp>

namespace tt::tt_metal::distributed {

class MeshShape {
public:
  explicit MeshShape(uint32_t size) : dims_{size} {}
  MeshShape(uint32_t rows, uint32_t cols) : dims_{rows, cols} {}
  explicit MeshShape(tt::stl::Span<const uint32_t> dims)
      : dims_(dims.begin(), dims.end()) {}

  std::size_t dims() const { return dims_.size(); }
  std::size_t mesh_size() const;
  uint32_t operator[](std::ptrdiff_t dim) const {
    return dims_.at(dim < 0 ? dim + dims_.size() : dim);
  }
  auto operator<=>(const MeshShape &) const = default;

private:
  std::vector<uint32_t> dims_;
};

class MeshCoordinate {
public:
  explicit MeshCoordinate(uint32_t position) : dims_{position} {}
  MeshCoordinate(uint32_t row, uint32_t col) : dims_{row, col} {}
  explicit MeshCoordinate(tt::stl::Span<const uint32_t> dims)
      : dims_(dims.begin(), dims.end()) {}
  static MeshCoordinate zero_coordinate(std::size_t dims);

  std::size_t dims() const { return dims_.size(); }
  tt::stl::Span<const uint32_t> coords() const { return dims_; }
  uint32_t operator[](std::ptrdiff_t dim) const {
    return dims_.at(dim < 0 ? dim + dims_.size() : dim);
  }
  auto operator<=>(const MeshCoordinate &) const = default;

private:
  std::vector<uint32_t> dims_;
};

/// A box of devices, both corners included.
class MeshCoordinateRange {
public:
  MeshCoordinateRange(const MeshCoordinate &start, const MeshCoordinate &end)
      : start(start), end_(end) {}
  explicit MeshCoordinateRange(const MeshShape &shape);
  explicit MeshCoordinateRange(const MeshCoordinate &coord)
      : start(coord), end_(coord) {}

  /// Both corners included.
  bool contains(const MeshCoordinate &coord) const {
    if (coord.dims() != start.dims())
      return false;
    for (std::size_t i = 0; i < coord.dims(); ++i) {
      const auto dim = static_cast<std::ptrdiff_t>(i);
      if (coord[dim] < start[dim] || coord[dim] > end_[dim])
        return false;
    }
    return true;
  }
  const MeshCoordinate &start_coord() const { return start; }
  const MeshCoordinate &end_coord() const { return end_; }
  auto operator<=>(const MeshCoordinateRange &) const = default;

private:
  MeshCoordinate start;
  MeshCoordinate end_;
};

} // namespace tt::tt_metal::distributed
