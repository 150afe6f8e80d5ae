//===- shape2d.hpp - Height and width ---------------------------*- C++ -*-===//
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tt::tt_metal {

class Shape2D {
public:
  constexpr Shape2D(std::size_t height, std::size_t width)
      : rows(height), cols(width) {}
  constexpr Shape2D(const std::array<uint32_t, 2> &size)
      : rows(size[0]), cols(size[1]) {}
  constexpr std::size_t height() const { return rows; }
  constexpr std::size_t width() const { return cols; }
  constexpr bool operator==(const Shape2D &) const = default;

private:
  std::size_t rows;
  std::size_t cols;
};

} // namespace tt::tt_metal
