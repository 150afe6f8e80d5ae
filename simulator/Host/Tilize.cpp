//===- Tilize.cpp - Row-major elements to tiles and back
//-------------------===//
//
// Tiles are visited in page order. Where the columns of a plane are contiguous,
// whole face rows of 16 elements are copied; the ragged right edge, the bottom
// edge and strided columns take the general path.
//
//===----------------------------------------------------------------------===//

#include "Tilize.h"

#include <tt-metalium/tile.hpp>
#include <tt-metalium/tilize_utils.hpp>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>

namespace tilewright::sim::host {
namespace {

constexpr uint32_t kFaceElements = FaceDim * FaceDim;
constexpr uint32_t kTileElements = TileDim * TileDim;

/// Calls `segment(plane element, tile element, count)` for each run of `count`
/// elements of a face row that lies inside the tensor.
template <typename Segment>
void forEachSegment(const PlaneView &view, Segment segment) {
  uint64_t page = 0;
  for (const uint64_t origin : view.origins)
    for (uint32_t row0 = 0; row0 < view.rows; row0 += TileDim)
      for (uint32_t col0 = 0; col0 < view.cols; col0 += TileDim, ++page) {
        const uint32_t rows = std::min(TileDim, view.rows - row0);
        const uint32_t cols = std::min(TileDim, view.cols - col0);
        for (uint32_t r = 0; r < rows; ++r)
          for (uint32_t half = 0; half < 2 && half * FaceDim < cols; ++half) {
            const uint32_t face = (r / FaceDim) * 2 + half;
            segment(origin + (row0 + r) * view.rowStride +
                        (col0 + half * FaceDim) * view.colStride,
                    page * kTileElements + face * kFaceElements +
                        (r % FaceDim) * FaceDim,
                    std::min(FaceDim, cols - half * FaceDim));
          }
      }
}

template <typename T>
void tilizeAs(const PlaneView &view, const uint8_t *elements, uint8_t *tiles) {
  const T *from = reinterpret_cast<const T *>(elements);
  T *to = reinterpret_cast<T *>(tiles);
  if (view.rows % TileDim != 0 || view.cols % TileDim != 0)
    std::memset(tiles, 0, view.pages() * kTileElements * sizeof(T));
  const uint64_t stride = view.colStride;
  forEachSegment(view, [&](uint64_t element, uint64_t tile, uint32_t count) {
    if (stride == 1 && count == FaceDim)
      std::memcpy(to + tile, from + element, FaceDim * sizeof(T));
    else
      for (uint32_t i = 0; i < count; ++i)
        to[tile + i] = from[element + i * stride];
  });
}

template <typename T>
void untilizeAs(const PlaneView &view, const uint8_t *tiles,
                uint8_t *elements) {
  const T *from = reinterpret_cast<const T *>(tiles);
  T *to = reinterpret_cast<T *>(elements);
  const uint64_t stride = view.colStride;
  forEachSegment(view, [&](uint64_t element, uint64_t tile, uint32_t count) {
    if (stride == 1 && count == FaceDim)
      std::memcpy(to + element, from + tile, FaceDim * sizeof(T));
    else
      for (uint32_t i = 0; i < count; ++i)
        to[element + i * stride] = from[tile + i];
  });
}

} // namespace

PlaneView makePlaneView(std::span<const uint32_t> shape,
                        std::array<int, 2> plane) {
  std::vector<uint64_t> strides(shape.size());
  uint64_t stride = 1;
  for (size_t dim = shape.size(); dim-- > 0; stride *= shape[dim])
    strides[dim] = stride;

  PlaneView view;
  if (plane[0] >= 0) {
    view.rows = shape[plane[0]];
    view.rowStride = strides[plane[0]];
  }
  if (plane[1] >= 0) {
    view.cols = shape[plane[1]];
    view.colStride = strides[plane[1]];
  }
  // Origins of the outer planes, the last outer dimension fastest.
  view.origins = {0};
  for (int dim = 0; dim < static_cast<int>(shape.size()); ++dim) {
    if (dim == plane[0] || dim == plane[1])
      continue;
    std::vector<uint64_t> next;
    next.reserve(view.origins.size() * shape[dim]);
    for (const uint64_t origin : view.origins)
      for (uint32_t i = 0; i < shape[dim]; ++i)
        next.push_back(origin + i * strides[dim]);
    view.origins = std::move(next);
  }
  view.outer = static_cast<uint32_t>(view.origins.size());
  return view;
}

void tilize(const PlaneView &view, std::span<const uint8_t> elements,
            std::span<uint8_t> tiles, uint32_t elementBytes) {
  switch (elementBytes) {
  case 1:
    return tilizeAs<uint8_t>(view, elements.data(), tiles.data());
  case 2:
    return tilizeAs<uint16_t>(view, elements.data(), tiles.data());
  default:
    return tilizeAs<uint32_t>(view, elements.data(), tiles.data());
  }
}

void untilize(const PlaneView &view, std::span<const uint8_t> tiles,
              std::span<uint8_t> elements, uint32_t elementBytes) {
  switch (elementBytes) {
  case 1:
    return untilizeAs<uint8_t>(view, tiles.data(), elements.data());
  case 2:
    return untilizeAs<uint16_t>(view, tiles.data(), elements.data());
  default:
    return untilizeAs<uint32_t>(view, tiles.data(), elements.data());
  }
}

} // namespace tilewright::sim::host

namespace tt::tt_metal::host_detail {
using namespace tilewright::sim::host;

void tilize(const void *rowMajor, void *tiles, uint32_t rows, uint32_t cols,
            std::size_t elementBytes) {
  const std::array<uint32_t, 2> shape = {rows, cols};
  const std::size_t bytes = std::size_t(rows) * cols * elementBytes;
  ::tilewright::sim::host::tilize(
      makePlaneView(shape, {0, 1}),
      {static_cast<const uint8_t *>(rowMajor), bytes},
      {static_cast<uint8_t *>(tiles), bytes},
      static_cast<uint32_t>(elementBytes));
}

void untilize(const void *tiles, void *rowMajor, uint32_t rows, uint32_t cols,
              std::size_t elementBytes) {
  const std::array<uint32_t, 2> shape = {rows, cols};
  const std::size_t bytes = std::size_t(rows) * cols * elementBytes;
  ::tilewright::sim::host::untilize(
      makePlaneView(shape, {0, 1}),
      {static_cast<const uint8_t *>(tiles), bytes},
      {static_cast<uint8_t *>(rowMajor), bytes},
      static_cast<uint32_t>(elementBytes));
}

std::vector<uint32_t> tilePlaces(uint32_t rows, uint32_t cols,
                                 std::array<uint32_t, 2> tile) {
  const tilewright::TileShape shape = tt::tt_metal::Tile(tile).shape();
  if (rows == 0 || cols == 0 || rows % shape.rows != 0 ||
      cols % shape.cols != 0)
    throw std::runtime_error(
        "convert_layout: a matrix of " + std::to_string(rows) + "x" +
        std::to_string(cols) + " is not made of tiles of " +
        std::to_string(shape.rows) + "x" + std::to_string(shape.cols));
  std::vector<uint32_t> places;
  places.reserve(std::size_t(rows) * cols);
  for (uint32_t r = 0; r < rows; ++r)
    for (uint32_t c = 0; c < cols; ++c) {
      const uint32_t inner = r % shape.rows, across = c % shape.cols;
      const uint32_t face = inner / 16 * (shape.cols / 16) + across / 16;
      places.push_back((r / shape.rows * (cols / shape.cols) + c / shape.cols) *
                           shape.elements() +
                       (face * shape.faceRows() + inner % 16) * 16 +
                       across % 16);
    }
  return places;
}

void checkTilize(std::size_t elements, uint32_t rows, uint32_t cols) {
  if (rows == 0 || cols == 0 || rows % TileDim != 0 || cols % TileDim != 0 ||
      elements % (std::size_t(rows) * cols) != 0)
    throw std::runtime_error("tilize: " + std::to_string(elements) +
                             " elements are no matrices of " +
                             std::to_string(rows) + "x" + std::to_string(cols) +
                             " in whole 32x32 tiles");
}

} // namespace tt::tt_metal::host_detail
