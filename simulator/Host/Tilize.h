//===- Tilize.h - Row-major elements to tiles and back ----------*- C++ -*-===//
//
// A tensor lies on the device as planes of 32x32 tiles. The plane is spanned by
// two dimensions of the tensor (or by one, the other being a unit dimension);
// all other dimensions are flattened, row-major, into `outer`. Page number
// (outer * tileRows + r) * tileCols + c holds tile (r, c): four 16x16 faces,
// each row-major. Elements beyond the tensor are zero.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_HOST_TILIZE_H
#define TILEWRIGHT_SIMULATOR_HOST_TILIZE_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tilewright::sim::host {

constexpr uint32_t TileDim = 32;
constexpr uint32_t FaceDim = 16;

/// How the elements of a tensor map to planes; strides in elements.
struct PlaneView {
  uint32_t outer = 1;
  uint32_t rows = 1;
  uint32_t cols = 1;
  uint64_t rowStride = 0;
  uint64_t colStride = 0;
  /// First element of each outer plane.
  std::vector<uint64_t> origins;

  uint32_t tileRows() const { return (rows + TileDim - 1) / TileDim; }
  uint32_t tileCols() const { return (cols + TileDim - 1) / TileDim; }
  uint64_t pages() const { return uint64_t(outer) * tileRows() * tileCols(); }
  uint64_t elements() const { return uint64_t(outer) * rows * cols; }
};

/// `plane` holds the dimensions of rows and columns, -1 for a unit dimension.
/// The dimensions must be different and within the shape.
PlaneView makePlaneView(std::span<const uint32_t> shape,
                        std::array<int, 2> plane);

/// `elements` has view.elements() elements of 1, 2 or 4 bytes, `tiles` has
/// view.pages() pages of 1024 elements.
void tilize(const PlaneView &view, std::span<const uint8_t> elements,
            std::span<uint8_t> tiles, uint32_t elementBytes);
void untilize(const PlaneView &view, std::span<const uint8_t> tiles,
              std::span<uint8_t> elements, uint32_t elementBytes);

} // namespace tilewright::sim::host

#endif // TILEWRIGHT_SIMULATOR_HOST_TILIZE_H
