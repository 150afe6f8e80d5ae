//===- block_floats.h - Vectors of floats to block-float tiles --*- C++ -*-===//
//
// What <tt-metalium/bfloat8.hpp> and <tt-metalium/bfloat4.hpp> share. Numbers
// stand tile by tile; inside a tile in rows where `rowMajor`, else face by
// face. Words are those of the tile in memory: exponents, then datums.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include <tt-metalium/tile.hpp>
#include <tt_stl/span.hpp>

namespace tt::tt_metal::host_detail {

/// Throw std::runtime_error unless there are whole tiles. `bits` is 8 or 4;
/// `shortExponents` gives the formats with shared exponents of 5 bits.
std::vector<uint32_t> packBlockFloats(uint32_t bits, bool shortExponents,
                                      tt::stl::Span<const float> values,
                                      bool rowMajor,
                                      const std::optional<Tile> &tile);
std::vector<float> unpackBlockFloats(uint32_t bits, bool shortExponents,
                                     tt::stl::Span<const uint32_t> words,
                                     bool rowMajor,
                                     const std::optional<Tile> &tile);

template <typename T> std::vector<float> toFloats(tt::stl::Span<const T> data) {
  std::vector<float> values;
  values.reserve(data.size());
  for (const T &value : data)
    values.push_back(static_cast<float>(value));
  return values;
}

/// Tiles of 32x32 in `bytes` bytes, each number drawn by `draw`.
template <typename Draw>
std::vector<uint32_t> blockFloatTiles(uint32_t bits, uint32_t bytes,
                                      bool shortExponents, Draw draw) {
  std::vector<float> values(bytes / (64 + 128 * bits) * 1024);
  for (float &value : values)
    value = draw();
  return packBlockFloats(bits, shortExponents, values, true, std::nullopt);
}

} // namespace tt::tt_metal::host_detail
