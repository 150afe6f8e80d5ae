//===- shape.hpp - The extents of a tensor ----------------------*- C++ -*-===//
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <ostream>

#include <tt_stl/small_vector.hpp>
#include <tt_stl/span.hpp>

namespace tt::tt_metal {

class Shape final {
public:
  using Container = tt::stl::SmallVector<uint32_t>;

  Shape() = default;
  explicit Shape(Container extents) : extents(std::move(extents)) {}
  explicit Shape(std::initializer_list<uint32_t> list) : extents(list) {}
  template <std::size_t N>
  explicit Shape(const std::array<uint32_t, N> &list)
      : extents(list.begin(), list.end()) {}
  explicit Shape(tt::stl::Span<const uint32_t> list)
      : extents(list.begin(), list.end()) {}

  /// Negative indices count from the end. Throws std::out_of_range.
  uint32_t operator[](int32_t dim) const { return extents.at(normal(dim)); }
  uint32_t &operator[](int32_t dim) { return extents.at(normal(dim)); }
  std::size_t rank() const { return extents.size(); }
  std::size_t size() const { return extents.size(); }
  bool empty() const { return extents.empty(); }
  uint64_t volume() const {
    uint64_t product = 1;
    for (const uint32_t extent : extents)
      product *= extent;
    return product;
  }
  auto begin() const { return extents.begin(); }
  auto end() const { return extents.end(); }
  auto cbegin() const { return extents.begin(); }
  auto cend() const { return extents.end(); }
  tt::stl::Span<const uint32_t> view() const { return extents; }
  bool operator==(const Shape &) const = default;

private:
  std::size_t normal(int32_t dim) const {
    return static_cast<std::size_t>(
        dim < 0 ? dim + static_cast<int32_t>(extents.size()) : dim);
  }

  Container extents;
};

inline std::ostream &operator<<(std::ostream &os, const Shape &shape) {
  os << "Shape([";
  for (std::size_t i = 0; i < shape.rank(); ++i)
    os << (i ? ", " : "") << shape[static_cast<int32_t>(i)];
  return os << "])";
}

} // namespace tt::tt_metal
