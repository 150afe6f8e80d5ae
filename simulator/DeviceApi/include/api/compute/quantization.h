//===- quantization.h - integers of floats and back -------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

/// Of values in a and scales in b, with the zero point of the init.
FORCE_INLINE void quant_tile_init(uint32_t zeroPoint, TW_LOC) {
  MATH(tw_api->sfpuBinaryInit(TwBinary::Quant, loc));
  MATH(tilewright_device::zeroPoint = zeroPoint);
}
FORCE_INLINE void quant_tile(uint32_t a, uint32_t b, uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuBinary(TwBinary::Quant, a, b, 0, dst,
                          tilewright_device::zeroPoint, VectorMode::RC, loc));
}
FORCE_INLINE void requant_tile_init(uint32_t zeroPoint, TW_LOC) {
  MATH(tw_api->sfpuBinaryInit(TwBinary::Requant, loc));
  MATH(tilewright_device::zeroPoint = zeroPoint);
}
FORCE_INLINE void requant_tile(uint32_t a, uint32_t b, uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuBinary(TwBinary::Requant, a, b, 0, dst,
                          tilewright_device::zeroPoint, VectorMode::RC, loc));
}
FORCE_INLINE void dequant_tile_init(uint32_t zeroPoint, TW_LOC) {
  MATH(tw_api->sfpuBinaryInit(TwBinary::Dequant, loc));
  MATH(tilewright_device::zeroPoint = zeroPoint);
}
FORCE_INLINE void dequant_tile(uint32_t a, uint32_t b, uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuBinary(TwBinary::Dequant, a, b, 0, dst,
                          tilewright_device::zeroPoint, VectorMode::RC, loc));
}

/// Early in 2025 the result took the place of a.
FORCE_INLINE void quant_tile(uint32_t a, uint32_t b, TW_LOC) {
  quant_tile(a, b, a, loc);
}
FORCE_INLINE void requant_tile(uint32_t a, uint32_t b, TW_LOC) {
  requant_tile(a, b, a, loc);
}
FORCE_INLINE void dequant_tile(uint32_t a, uint32_t b, TW_LOC) {
  dequant_tile(a, b, a, loc);
}

} // namespace ckernel

#pragma clang diagnostic pop
