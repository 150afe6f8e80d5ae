//===- Convert.cpp - tiles between L1 and the units -----------------------===//

#include "Numerics/Convert.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tilewright::sim {
namespace {

constexpr uint32_t kSign = 0x80000000u;

template <typename Function>
void eachWord(const float *in, float *out, Function function) {
  for (uint32_t i = 0; i < TileElements; ++i)
    out[i] = std::bit_cast<float>(function(std::bit_cast<uint32_t>(in[i])));
}

/// Calls `copy(offset in the tile, offset in the whole tile, bytes)` for each
/// stretch of a tile of `shape`: rows of faces, and their exponents.
template <typename Copy>
void eachStretch(DataFormat format, TileShape shape, Copy copy) {
  const uint32_t bits = blockFloatBits(format);
  const uint32_t rowBytes = bits ? 2 * bits : 16 * datumBytes(format);
  const uint32_t first = bits ? exponentBytes(shape) : 0;
  const uint32_t wholeFirst = bits ? exponentBytes({}) : 0;
  const uint32_t across = shape.cols / 16, rows = shape.faceRows();
  for (uint32_t face = 0; face < shape.faces(); ++face) {
    const uint32_t place = face / across * 2 + face % across;
    if (bits)
      copy(face * rows, place * 16, rows);
    copy(first + face * rows * rowBytes, wholeFirst + place * 16 * rowBytes,
         rows * rowBytes);
  }
}

} // namespace

void expandTile(DataFormat format, TileShape shape, const uint8_t *l1,
                uint8_t *whole) {
  std::memset(whole, 0, tileBytes(format, TileShape()));
  eachStretch(format, shape, [&](uint32_t from, uint32_t to, uint32_t bytes) {
    std::memcpy(whole + to, l1 + from, bytes);
  });
}

void contractTile(DataFormat format, TileShape shape, const uint8_t *whole,
                  uint8_t *l1) {
  eachStretch(format, shape, [&](uint32_t to, uint32_t from, uint32_t bytes) {
    std::memcpy(l1 + to, whole + from, bytes);
  });
}

bool unpackTile(const TileOps &ops, DataFormat format, const uint8_t *l1,
                float *tile, uint32_t mask) {
  if (const uint32_t bits = blockFloatBits(format)) {
    ops.unpackBfp(l1, tile, mask, bits, hasShortExponent(format));
    return true;
  }
  switch (format) {
  case DataFormat::Float16_b:
    ops.unpackBf16(l1, tile, mask);
    return true;
  case DataFormat::Float16:
    ops.unpackFp16(l1, tile, mask);
    return true;
  case DataFormat::Float32:
  case DataFormat::Tf32:
    ops.unpackFp32(l1, tile, mask);
    return true;
  case DataFormat::Int32:
  case DataFormat::UInt32:
    ops.unpackFp32(l1, tile, MaskAll);
    return true;
  case DataFormat::UInt16:
    ops.unpackWord16(l1, tile);
    return true;
  case DataFormat::UInt8:
    ops.unpackWord8(l1, tile);
    return true;
  case DataFormat::Int8:
    ops.unpackWord8(l1, tile);
    eachWord(tile, tile,
             [](uint32_t v) { return (v & 0x7fu) | (v & 0x80u) << 24; });
    return true;
  default:
    return false;
  }
}

bool packAccumulates(DataFormat format) {
  return format == DataFormat::Float32 || format == DataFormat::Tf32 ||
         format == DataFormat::Float16_b || format == DataFormat::Float16;
}

bool packTile(const TileOps &ops, DataFormat format, const float *tile,
              uint8_t *l1, PackMode mode) {
  if (mode.accumulate && !packAccumulates(format))
    return false;
  if (const uint32_t bits = blockFloatBits(format)) {
    ops.packBfp(tile, l1, bits, hasShortExponent(format), mode.precise);
    return true;
  }
  switch (format) {
  case DataFormat::Float16_b:
    (mode.accumulate ? ops.packBf16Add : ops.packBf16)(tile, l1);
    return true;
  case DataFormat::Float16:
    (mode.accumulate ? ops.packFp16Add : ops.packFp16)(tile, l1);
    return true;
  case DataFormat::Float32:
  case DataFormat::Tf32:
    (mode.accumulate ? ops.packFp32Add : ops.packFp32)(tile, l1);
    return true;
  case DataFormat::Int32:
  case DataFormat::UInt32:
    ops.packWord32(tile, l1);
    return true;
  case DataFormat::UInt16:
    ops.packWord16(tile, l1);
    return true;
  case DataFormat::UInt8:
  case DataFormat::Int8: {
    // From sign and magnitude, clamped.
    alignas(64) float clamped[TileElements];
    if (format == DataFormat::UInt8)
      eachWord(tile, clamped,
               [](uint32_t v) { return v & kSign ? 0u : std::min(v, 255u); });
    else
      eachWord(tile, clamped, [](uint32_t v) {
        return std::min(v & ~kSign, 127u) | (v & kSign) >> 24;
      });
    ops.packWord8(clamped, l1);
    return true;
  }
  default:
    return false;
  }
}

} // namespace tilewright::sim
