//===- test_tiles.hpp - Tiles under their older names -----------*- C++ -*-===//
#pragma once

#include <cstdint>
#include <stdexcept>
#include <vector>

#include <tt-metalium/tilize_utils.hpp>

enum TensorLayout {
  LIN_ROW_MAJOR = 0,
  TILED_SWIZZLED = 1,
  TILED_NFACES = 2,
};

/// From row-major tiles of row-major elements to tiles of four faces.
template <typename T>
std::vector<T> convert_to_tile_layout(const std::vector<T> &data) {
  const auto rows = static_cast<uint32_t>(data.size() / 32);
  return tilize_nfaces(data, rows, 32);
}
template <typename T>
std::vector<T> convert_to_flat_layout(const std::vector<T> &data) {
  const auto rows = static_cast<uint32_t>(data.size() / 32);
  return untilize_nfaces(data, rows, 32);
}
