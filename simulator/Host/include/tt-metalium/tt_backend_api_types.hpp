//===- tt_backend_api_types.hpp - Data formats ------------------*- C++ -*-===//
//
// Formats of tiles in memory, and the bytes of a datum and of a 32x32 tile.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <functional>
#include <ostream>
#include <stdexcept>

#include <tilewright/formats.h>

namespace tt {

inline bool is_integer_format(DataFormat format) {
  return tilewright::isInteger(format);
}

/// Bytes of one datum; block formats have none and throw.
constexpr uint32_t datum_size(const DataFormat &format) {
  const uint32_t bytes = tilewright::datumBytes(format);
  if (bytes == 0)
    throw std::invalid_argument("this data format has no datum size");
  return bytes;
}

/// Bytes of a 32x32 tile: block formats hold an exponent for each 16 datums.
constexpr uint32_t tile_size(const DataFormat &format) {
  const uint32_t bytes = tilewright::tileBytes(format);
  if (bytes == 0)
    throw std::invalid_argument("this data format has no tile size");
  return bytes;
}

std::ostream &operator<<(std::ostream &os, const DataFormat &format);

/// Chip generations.
enum class ARCH { WORMHOLE_B0 = 2, BLACKHOLE = 3, Invalid = 0xff };

} // namespace tt

template <> struct std::hash<tt::DataFormat> {
  std::size_t operator()(tt::DataFormat format) const noexcept {
    return static_cast<std::size_t>(format);
  }
};
