//===- tilize_utils.hpp - Row-major elements to tiles and back --*- C++ -*-===//
//
// A tile is 32x32 elements in four 16x16 faces, each row-major, in the order
// upper left, upper right, lower left, lower right; smaller tiles have fewer or
// shorter faces (tile.hpp).
//
//===----------------------------------------------------------------------===//
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include <tt_stl/span.hpp>

namespace tt::tt_metal::host_detail {
void tilize(const void *rowMajor, void *tiles, uint32_t rows, uint32_t cols,
            std::size_t elementBytes);
void untilize(const void *tiles, void *rowMajor, uint32_t rows, uint32_t cols,
              std::size_t elementBytes);
/// Place of each row-major element of a rows x cols matrix among its tiles of
/// that shape. Throws std::runtime_error unless whole tiles fill it.
std::vector<uint32_t> tilePlaces(uint32_t rows, uint32_t cols,
                                 std::array<uint32_t, 2> tile);
/// Throws std::runtime_error unless whole tiles fill `elements` elements.
void checkTilize(std::size_t elements, uint32_t rows, uint32_t cols);
} // namespace tt::tt_metal::host_detail

enum class TensorLayoutType {
  LIN_ROW_MAJOR = 0,  ///< row-major elements
  TILED_SWIZZLED = 1, ///< row-major tiles of row-major elements
  TILED_NFACES = 2,   ///< row-major tiles of four row-major faces
};

using PhysicalSize = std::array<uint32_t, 2>;

/// Matrices of `rows` x `cols` elements, multiples of 32, one below the other;
/// the result is their tiles, row by row.
template <typename T>
std::vector<T> tilize_nfaces(const std::vector<T> &input, uint32_t rows,
                             uint32_t cols) {
  static_assert(std::is_trivially_copyable_v<T> &&
                (sizeof(T) == 1 || sizeof(T) == 2 || sizeof(T) == 4));
  tt::tt_metal::host_detail::checkTilize(input.size(), rows, cols);
  std::vector<T> tiles(input.size());
  if (!input.empty())
    tt::tt_metal::host_detail::tilize(input.data(), tiles.data(),
                                      input.size() / cols, cols, sizeof(T));
  return tiles;
}

/// The inverse of tilize_nfaces.
template <typename T>
std::vector<T> untilize_nfaces(const std::vector<T> &input, uint32_t rows,
                               uint32_t cols) {
  static_assert(std::is_trivially_copyable_v<T> &&
                (sizeof(T) == 1 || sizeof(T) == 2 || sizeof(T) == 4));
  tt::tt_metal::host_detail::checkTilize(input.size(), rows, cols);
  std::vector<T> elements(input.size());
  if (!input.empty())
    tt::tt_metal::host_detail::untilize(input.data(), elements.data(),
                                        input.size() / cols, cols, sizeof(T));
  return elements;
}

/// Between row-major elements and tiles of faces; of 32x32 unless it is said
/// otherwise. The shape of the faces follows from that of the tile.
template <typename T>
std::vector<T>
convert_layout(tt::stl::Span<const T> input, const PhysicalSize &shape,
               TensorLayoutType from, TensorLayoutType to,
               std::optional<PhysicalSize> tile_shape = std::nullopt,
               std::optional<PhysicalSize> face_shape = std::nullopt) {
  const std::vector<T> data(input.begin(), input.end());
  if (from == to)
    return data;
  const PhysicalSize whole = {32, 32};
  const PhysicalSize tile = tile_shape.value_or(whole);
  if (face_shape &&
      *face_shape != PhysicalSize{tile[0] < 16 ? tile[0] : 16, 16})
    throw std::runtime_error("convert_layout: the simulator has faces of 16 "
                             "columns and up to 16 rows only");
  const bool tilizes = from == TensorLayoutType::LIN_ROW_MAJOR &&
                       to == TensorLayoutType::TILED_NFACES;
  if (tile != whole && (tilizes || (from == TensorLayoutType::TILED_NFACES &&
                                    to == TensorLayoutType::LIN_ROW_MAJOR))) {
    const std::vector<uint32_t> places =
        tt::tt_metal::host_detail::tilePlaces(shape[0], shape[1], tile);
    if (data.size() % places.size() != 0)
      throw std::runtime_error("convert_layout: no whole matrices are given");
    std::vector<T> made(data.size());
    for (std::size_t at = 0; at < data.size(); at += places.size())
      for (std::size_t i = 0; i < places.size(); ++i)
        (tilizes ? made[at + places[i]] : made[at + i]) =
            tilizes ? data[at + i] : data[at + places[i]];
    return made;
  }
  if (from == TensorLayoutType::LIN_ROW_MAJOR &&
      to == TensorLayoutType::TILED_NFACES)
    return tilize_nfaces(data, shape[0], shape[1]);
  if (from == TensorLayoutType::TILED_NFACES &&
      to == TensorLayoutType::LIN_ROW_MAJOR)
    return untilize_nfaces(data, shape[0], shape[1]);
  throw std::runtime_error("convert_layout: the simulator converts between "
                           "LIN_ROW_MAJOR and TILED_NFACES only");
}
