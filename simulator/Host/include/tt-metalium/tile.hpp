//===- tile.hpp - The shape of a tile ---------------------------*- C++ -*-===//
#pragma once

#include <array>
#include <cstdint>

#include <tt-metalium/constants.hpp>
#include <tt-metalium/tt_backend_api_types.hpp>

namespace tt::tt_metal {

/// A tile: 32x32 elements in four faces of 16x16, or fewer rows (1, 2, 4, 8,
/// 16) or columns (16) in fewer or shorter faces.
struct Tile {
  /// Throws std::runtime_error for another shape, and for a transposed tile,
  /// which the simulator does not have.
  explicit Tile(std::array<uint32_t, 2> shape = {constants::TILE_HEIGHT,
                                                 constants::TILE_WIDTH},
                bool transpose = false);

  uint32_t get_height() const { return shape_.rows; }
  uint32_t get_width() const { return shape_.cols; }
  uint32_t get_num_faces() const { return shape_.faces(); }
  uint32_t get_tile_hw() const { return shape_.elements(); }
  uint32_t get_face_hw() const {
    return shape_.faceRows() * constants::FACE_WIDTH;
  }
  uint32_t get_partial_face() const { return shape_.rows < 16; }
  uint32_t get_narrow_tile() const { return shape_.cols < 32; }
  bool get_transpose_within_face() const { return false; }
  bool get_transpose_of_faces() const { return false; }
  std::array<uint32_t, 2> get_tile_shape() const {
    return {shape_.rows, shape_.cols};
  }
  std::array<uint32_t, 2> get_face_shape() const {
    return {shape_.faceRows(), constants::FACE_WIDTH};
  }
  /// Bytes; throws std::invalid_argument for a format without tiles.
  uint32_t get_tile_size(const DataFormat &format) const {
    (void)tile_size(format);
    return tilewright::tileBytes(format, shape_);
  }
  const tilewright::TileShape &shape() const { return shape_; }
  bool operator==(const Tile &) const = default;

private:
  tilewright::TileShape shape_;
};

} // namespace tt::tt_metal
