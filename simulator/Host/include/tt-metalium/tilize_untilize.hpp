//===- tilize_untilize.hpp - Row-major elements to tiles --------*- C++ -*-===//
//
// The order is that of tilize_nfaces: four row-major faces a tile.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <tt_stl/assert.hpp>

namespace host_detail {
/// Moves every element between its place in a row-major matrix and its place
/// in tiles of four row-major faces.
template <typename T>
void swizzle(std::vector<T> &data, uint32_t rows, uint32_t cols, bool toTiles) {
  TT_FATAL(rows % 32 == 0 && cols % 32 == 0 &&
               data.size() % (std::size_t(rows) * cols) == 0,
           "{} elements are no tiles of {}x{}", data.size(), rows, cols);
  std::vector<T> result(data.size());
  for (std::size_t i = 0; i < data.size(); ++i) {
    const std::size_t matrix = i / (std::size_t(rows) * cols);
    const std::size_t row = i / cols % rows, col = i % cols;
    const std::size_t tile = row / 32 * (cols / 32) + col / 32;
    const std::size_t face = row % 32 / 16 * 2 + col % 32 / 16;
    const std::size_t place = matrix * rows * cols + tile * 1024 + face * 256 +
                              row % 16 * 16 + col % 16;
    result[toTiles ? place : i] = data[toTiles ? i : place];
  }
  data = std::move(result);
}
} // namespace host_detail

template <typename T>
void tilize(std::vector<T> &data, uint32_t rows, uint32_t cols) {
  host_detail::swizzle(data, rows, cols, true);
}
template <typename T>
void untilize(std::vector<T> &data, uint32_t rows, uint32_t cols) {
  host_detail::swizzle(data, rows, cols, false);
}
