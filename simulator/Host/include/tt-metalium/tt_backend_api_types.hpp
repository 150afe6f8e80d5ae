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

namespace tt {

enum class DataFormat : uint8_t {
  Float32 = 0,
  Float16 = 1,
  Bfp8 = 2,
  Bfp4 = 3,
  Tf32 = 4,
  Float16_b = 5,
  Bfp8_b = 6,
  Bfp4_b = 7,
  Int32 = 8,
  UInt16 = 9,
  Lf8 = 10,
  Bfp2 = 11,
  Int8 = 14,
  Bfp2_b = 15,
  UInt32 = 24,
  Fp8_e4m3 = 26,
  UInt8 = 30,
  RawUInt8 = 0xf0,
  RawUInt16 = 0xf1,
  RawUInt32 = 0xf2,
  Invalid = 0xff,
};

inline bool is_integer_format(DataFormat format) {
  switch (format) {
  case DataFormat::Int8:
  case DataFormat::Int32:
  case DataFormat::UInt8:
  case DataFormat::UInt16:
  case DataFormat::UInt32:
  case DataFormat::RawUInt8:
  case DataFormat::RawUInt16:
  case DataFormat::RawUInt32:
    return true;
  default:
    return false;
  }
}

/// Bytes of one datum; block formats have none and throw.
constexpr uint32_t datum_size(const DataFormat &format) {
  switch (format) {
  case DataFormat::Float32:
  case DataFormat::Int32:
  case DataFormat::UInt32:
  case DataFormat::RawUInt32:
    return 4;
  case DataFormat::Float16:
  case DataFormat::Float16_b:
  case DataFormat::UInt16:
  case DataFormat::RawUInt16:
    return 2;
  case DataFormat::Int8:
  case DataFormat::UInt8:
  case DataFormat::RawUInt8:
  case DataFormat::Lf8:
  case DataFormat::Fp8_e4m3:
    return 1;
  default:
    throw std::invalid_argument("this data format has no datum size");
  }
}

/// Bytes of a 32x32 tile: block formats hold an exponent for each 16 datums.
constexpr uint32_t tile_size(const DataFormat &format) {
  switch (format) {
  case DataFormat::Bfp8:
  case DataFormat::Bfp8_b:
    return 1024 + 64;
  case DataFormat::Bfp4:
  case DataFormat::Bfp4_b:
    return 512 + 64;
  case DataFormat::Bfp2:
  case DataFormat::Bfp2_b:
    return 256 + 64;
  default:
    return 1024 * datum_size(format);
  }
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
