//===- dprint_tile.h - printing a part of a tile ----------------*- C++ -*-===//
//
// TileSlice prints rows h0, h0 + hs, ... below h1 and columns likewise of one
// tile in a circular buffer, in its data format.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "api/debug/dprint.h"
#include "tilewright/circular_buffer.h"

struct SliceRange {
  uint8_t h0, h1, hs, w0, w1, ws;
  static constexpr SliceRange hw0_32_16() { return {0, 32, 16, 0, 32, 16}; }
  static constexpr SliceRange hw0_32_8() { return {0, 32, 8, 0, 32, 8}; }
  static constexpr SliceRange hw0_32_4() { return {0, 32, 4, 0, 32, 4}; }
  static constexpr SliceRange h0_w0_32() { return {0, 1, 1, 0, 32, 1}; }
  static constexpr SliceRange h0_32_w0() { return {0, 32, 1, 0, 1, 1}; }
  static constexpr SliceRange h1_w0_32() { return {1, 2, 1, 0, 32, 1}; }
  static constexpr SliceRange h0_32_w1() { return {0, 32, 1, 1, 2, 1}; }
};

using dprint_tslice_ptr_t = bool;
using dprint_tslice_cb_t = bool;
#define TSLICE_RD_PTR true
#define TSLICE_WR_PTR false
#define TSLICE_INPUT_CB true
#define TSLICE_OUTPUT_CB false

/// The second parameter is how many values the SDK keeps at most; all of a
/// slice are printed here.
template <int MAX_COUNT = 64, bool = true, bool = true, bool = true>
struct TileSlice {
  uint32_t address;
  DataFormat format;
  SliceRange range;
  bool rowsEnd;
  bool untilized;
  tilewright::TileShape shape;

#ifdef TW_DATA_MOVEMENT
  TileSlice(uint8_t cb, int tile, const SliceRange &range, bool,
            dprint_tslice_ptr_t read, bool endl_rows = true,
            bool print_untilized = true)
      : address((read ? get_read_ptr(cb) : get_write_ptr(cb)) +
                tile * get_tile_size(cb)),
        format(get_dataformat(cb)), range(range), rowsEnd(endl_rows),
        untilized(print_untilized), shape(tilewright_device::tileOf(cb)) {}
#else
  TileSlice(uint8_t cb, int tile, const SliceRange &range,
            bool endl_rows = true, bool print_untilized = true)
#ifdef TRISC_PACK
      : address(get_write_ptr(cb) + tile * get_tile_size(cb)),
#else
      : address(get_read_ptr(cb) + tile * get_tile_size(cb)),
#endif
        format(get_dataformat(cb)), range(range), rowsEnd(endl_rows),
        untilized(print_untilized), shape(tilewright_device::tileOf(cb)) {
  }
#endif
};
TileSlice(uint8_t, int, const SliceRange &) -> TileSlice<>;

namespace tilewright_device {

template <typename T> T l1Value(uint32_t address) {
  return *reinterpret_cast<T *>(static_cast<uintptr_t>(address));
}

inline double powerOfTwo(int exponent) {
  double power = 1;
  for (int i = 0; i < (exponent < 0 ? -exponent : exponent); ++i)
    power *= 2;
  return exponent < 0 ? 1 / power : power;
}

/// Value `index` of a block-float tile with `bits` bits a value: an exponent
/// for each row of a face, then the values.
inline float blockValue(uint32_t tile, uint32_t index, uint32_t bits,
                        uint32_t exponents) {
  const uint32_t exponent = l1Value<uint8_t>(tile + index / 16);
  const uint32_t perByte = 8 / bits;
  const uint32_t byte = l1Value<uint8_t>(tile + exponents + index / perByte);
  const uint32_t raw = byte >> (index % perByte * bits) & ((1u << bits) - 1);
  const uint32_t fraction = raw & ((1u << (bits - 1)) - 1);
  const float size = static_cast<float>(
      fraction * powerOfTwo(static_cast<int>(exponent) - 127 -
                            static_cast<int>(bits - 2)));
  return raw >> (bits - 1) ? -size : size;
}

inline void printDatum(DataFormat format, uint32_t tile, uint32_t index,
                       uint32_t exponents) {
  switch (format) {
  case DataFormat::Float32:
    return printReal(l1Value<float>(tile + index * 4));
  case DataFormat::Float16_b:
    return printReal(fromBfloat16(l1Value<uint16_t>(tile + index * 2)));
  case DataFormat::Float16:
    return printReal(l1Value<_Float16>(tile + index * 2));
  case DataFormat::Int32: {
    const auto value = static_cast<int64_t>(l1Value<int32_t>(tile + index * 4));
    return printInteger(value < 0 ? -value : value, value < 0);
  }
  case DataFormat::UInt32:
    return printInteger(l1Value<uint32_t>(tile + index * 4), false);
  case DataFormat::UInt16:
    return printInteger(l1Value<uint16_t>(tile + index * 2), false);
  case DataFormat::UInt8:
    return printInteger(l1Value<uint8_t>(tile + index), false);
  case DataFormat::Int8: {
    const int value = l1Value<int8_t>(tile + index);
    return printInteger(value < 0 ? -value : value, value < 0);
  }
  case DataFormat::Bfp8_b:
    return printReal(blockValue(tile, index, 8, exponents));
  case DataFormat::Bfp4_b:
    return printReal(blockValue(tile, index, 4, exponents));
  default:
    tw_api->unsupported("TileSlice of this data format", TwLoc::here());
  }
}

/// Where an element of a tile lies, face behind face.
constexpr uint32_t faceIndex(tilewright::TileShape shape, uint32_t row,
                             uint32_t column) {
  const uint32_t face = row / 16 * (shape.cols / 16) + column / 16;
  return (face * shape.faceRows() + row % 16) * 16 + column % 16;
}

} // namespace tilewright_device

template <int N, bool A, bool B, bool C>
const TwPrinter &operator<<(const TwPrinter &out,
                            const TileSlice<N, A, B, C> &slice) {
  SliceRange r = slice.range;
  if (r.h1 > slice.shape.rows)
    r.h1 = slice.shape.rows;
  if (r.w1 > slice.shape.cols)
    r.w1 = slice.shape.cols;
  for (uint32_t row = r.h0; row < r.h1; row += r.hs ? r.hs : 1) {
    for (uint32_t column = r.w0; column < r.w1; column += r.ws ? r.ws : 1) {
      tilewright_device::printDatum(
          slice.format, slice.address,
          slice.untilized
              ? tilewright_device::faceIndex(slice.shape, row, column)
              : row * slice.shape.cols + column,
          tilewright::exponentBytes(slice.shape));
      out << (column + (r.ws ? r.ws : 1) < r.w1 ? " " : "");
    }
    if (slice.rowsEnd)
      out << ENDL();
  }
  return out;
}
