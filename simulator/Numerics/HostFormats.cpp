//===- HostFormats.cpp - conversions that a host makes --------------------===//

#include "Numerics/HostFormats.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace tilewright::sim {
namespace {

constexpr uint32_t kBlock = 16; ///< datums that share an exponent

size_t exponentBytes(size_t elements) {
  return (elements / kBlock + 15) / 16 * 16;
}

/// The shared exponent's bias is 127, or 15 when short.
int32_t blockBias(DataFormat format) {
  return hasShortExponent(format) ? 15 : 127;
}

/// Magnitude of `value` in units of the last of `width` bits, the first of
/// which weighs 2^(shared - bias).
uint32_t blockMagnitude(float value, int32_t shared, int32_t bias,
                        uint32_t width) {
  // Exact: a power of two in double.
  const double units =
      std::ldexp(std::fabs(double(value)), bias - shared + int32_t(width) - 1);
  const double limit = double((1u << width) - 1);
  // Not-a-number and infinity become the largest magnitude.
  return units < limit ? static_cast<uint32_t>(std::nearbyint(units))
                       : static_cast<uint32_t>(limit);
}

void encodeBlocks(DataFormat format, std::span<const float> values,
                  std::span<uint8_t> tile) {
  const uint32_t bits = blockFloatBits(format);
  const int32_t bias = blockBias(format);
  const int32_t top = bias == 15 ? 31 : 255;
  std::fill(tile.begin(), tile.end(), uint8_t(0));
  uint8_t *datums = tile.data() + exponentBytes(values.size());
  for (size_t block = 0; block < values.size() / kBlock; ++block) {
    const auto row = values.subspan(block * kBlock, kBlock);
    int32_t shared = 0;
    for (float value : row) {
      const int32_t e = std::bit_cast<uint32_t>(value) >> 23 & 0xff;
      if (e != 0)
        shared = std::max(shared, std::clamp(e - 127 + bias, 0, top));
    }
    tile[block] = static_cast<uint8_t>(shared);
    for (uint32_t i = 0; i < kBlock; ++i) {
      const uint32_t word = std::bit_cast<uint32_t>(row[i]);
      const bool nothing = (word & 0x7f800000u) == 0;
      uint32_t m = nothing ? 0 : blockMagnitude(row[i], shared, bias, bits - 1);
      if (m != 0)
        m |= word >> 31 << (bits - 1);
      const uint32_t at = (block * kBlock + i) * bits;
      datums[at / 8] |= static_cast<uint8_t>(m << at % 8);
    }
  }
}

void decodeBlocks(DataFormat format, std::span<const uint8_t> tile,
                  std::span<float> values) {
  const uint32_t bits = blockFloatBits(format);
  const int32_t bias = blockBias(format);
  const uint8_t *datums = tile.data() + exponentBytes(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    const uint32_t at = uint32_t(i) * bits;
    const uint32_t datum = datums[at / 8] >> at % 8 & ((1u << bits) - 1);
    const uint32_t magnitude = datum & ((1u << (bits - 1)) - 1);
    const float value = std::ldexp(
        float(magnitude), int32_t(tile[i / kBlock]) - bias - int32_t(bits) + 2);
    values[i] = datum >> (bits - 1) ? -value : value;
  }
}

} // namespace

uint16_t encodeBf16(float value) {
  const uint32_t word = std::bit_cast<uint32_t>(value);
  if (std::isnan(value))
    return static_cast<uint16_t>(word >> 16 | 0x40u);
  return static_cast<uint16_t>((word + 0x7fffu + (word >> 16 & 1u)) >> 16);
}

uint16_t encodeFp16(float value) {
  const uint32_t word = std::bit_cast<uint32_t>(value);
  const uint32_t sign = word >> 16 & 0x8000u;
  const uint32_t rest = word & 0x7fffffffu;
  if (rest > 0x7f800000u)
    return static_cast<uint16_t>(sign | 0x7e00u);
  if (rest >= 0x47800000u) // 65536 and more
    return static_cast<uint16_t>(sign | 0x7c00u);
  if (rest < 0x38800000u) // below 2^-14: units of 2^-24
    return static_cast<uint16_t>(
        sign | uint32_t(std::nearbyint(
                   std::ldexp(double(std::bit_cast<float>(rest)), 24))));
  const uint32_t rounded = rest + 0xfffu + (rest >> 13 & 1u);
  return static_cast<uint16_t>(sign | (rounded - (112u << 23)) >> 13);
}

float decodeFp16(uint16_t half) {
  const uint32_t sign = uint32_t(half & 0x8000u) << 16;
  const uint32_t rest = half & 0x7fffu;
  if (rest < 0x400u) {
    const float value = std::ldexp(float(rest), -24);
    return sign ? -value : value;
  }
  const uint32_t bias = rest >= 0x7c00u ? 224u << 23 : 112u << 23;
  return std::bit_cast<float>(sign | ((rest << 13) + bias));
}

size_t encodedBytes(DataFormat format, size_t elements) {
  const uint32_t bits = blockFloatBits(format);
  return bits ? exponentBytes(elements) + elements * bits / 8
              : elements * datumBytes(format);
}

bool encodeTile(DataFormat format, std::span<const float> values,
                std::span<uint8_t> tile) {
  if (blockFloatBits(format)) {
    encodeBlocks(format, values, tile);
    return true;
  }
  switch (format) {
  case DataFormat::Float32:
  case DataFormat::Tf32:
    std::memcpy(tile.data(), values.data(), values.size_bytes());
    return true;
  case DataFormat::Float16:
  case DataFormat::Float16_b:
    for (size_t i = 0; i < values.size(); ++i) {
      const uint16_t half = format == DataFormat::Float16
                                ? encodeFp16(values[i])
                                : encodeBf16(values[i]);
      std::memcpy(&tile[i * 2], &half, 2);
    }
    return true;
  default:
    return false;
  }
}

bool decodeTile(DataFormat format, std::span<const uint8_t> tile,
                std::span<float> values) {
  if (blockFloatBits(format)) {
    decodeBlocks(format, tile, values);
    return true;
  }
  switch (format) {
  case DataFormat::Float32:
  case DataFormat::Tf32:
    std::memcpy(values.data(), tile.data(), values.size_bytes());
    return true;
  case DataFormat::Float16:
  case DataFormat::Float16_b:
    for (size_t i = 0; i < values.size(); ++i) {
      uint16_t half;
      std::memcpy(&half, &tile[i * 2], 2);
      values[i] = format == DataFormat::Float16
                      ? decodeFp16(half)
                      : std::bit_cast<float>(uint32_t(half) << 16);
    }
    return true;
  default:
    return false;
  }
}

} // namespace tilewright::sim
