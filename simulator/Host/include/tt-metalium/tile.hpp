//===- tile.hpp - The shape of a tile ---------------------------*- C++ -*-===//
#pragma once

#include <array>
#include <cstdint>

#include <tt-metalium/constants.hpp>
#include <tt-metalium/tt_backend_api_types.hpp>

namespace tt::tt_metal {

/// A tile of 32x32 elements in four faces. The simulator has no other shape:
/// the constructor throws std::runtime_error for one.
struct Tile {
  explicit Tile(std::array<uint32_t, 2> shape = {constants::TILE_HEIGHT,
                                                 constants::TILE_WIDTH},
                bool transpose = false);

  uint32_t get_height() const { return constants::TILE_HEIGHT; }
  uint32_t get_width() const { return constants::TILE_WIDTH; }
  uint32_t get_num_faces() const { return 4; }
  uint32_t get_tile_hw() const { return constants::TILE_HW; }
  uint32_t get_face_hw() const { return constants::FACE_HW; }
  std::array<uint32_t, 2> get_tile_shape() const {
    return {constants::TILE_HEIGHT, constants::TILE_WIDTH};
  }
  std::array<uint32_t, 2> get_face_shape() const {
    return {constants::FACE_HEIGHT, constants::FACE_WIDTH};
  }
  uint32_t get_tile_size(const DataFormat &format) const {
    return tile_size(format);
  }
  bool operator==(const Tile &) const = default;
};

} // namespace tt::tt_metal
