//===- HostFormats.h - conversions that a host makes ------------*- C++ -*-===//
//
// Between fp32 values on the host and tiles of any float format in memory, as
// the host side of the SDK converts: to nearest, ties to even. (The packer of
// the chip rounds otherwise: see Convert.h.) Values are in the order of the
// tile: face by face, each row-major; `faceOrder` gives the place of an
// element.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_NUMERICS_HOSTFORMATS_H
#define TILEWRIGHT_SIMULATOR_NUMERICS_HOSTFORMATS_H

#include "DeviceApi/include/tilewright/formats.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace tilewright::sim {

using tt::DataFormat;

/// Place of element (row, col) of a 32x32 tile: faces of 16x16 in the order
/// upper left, upper right, lower left, lower right.
constexpr uint32_t faceOrder(uint32_t row, uint32_t col) {
  return ((row / 16) * 2 + col / 16) * 256 + row % 16 * 16 + col % 16;
}

/// Bytes of a tile of `elements` values on the host: as tileBytes, with the
/// exponents of small tiles padded to 16 bytes.
size_t encodedBytes(DataFormat format, size_t elements);

/// One tile. `values` is a multiple of 16 values in tile order, `tile` has
/// encodedBytes(). Formats: Float32, Tf32, Float16, Float16_b and the block
/// formats; returns false for others. Zeros, and values too small for their
/// block, lose their sign; denormals become zero in block formats.
bool encodeTile(DataFormat format, std::span<const float> values,
                std::span<uint8_t> tile);
bool decodeTile(DataFormat format, std::span<const uint8_t> tile,
                std::span<float> values);

/// Nearest fp16 (ties to even, infinity beyond 65520) and back, IEEE.
uint16_t encodeFp16(float value);
float decodeFp16(uint16_t half);
/// Nearest bfloat16, ties to even; NaN stays NaN.
uint16_t encodeBf16(float value);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_NUMERICS_HOSTFORMATS_H
