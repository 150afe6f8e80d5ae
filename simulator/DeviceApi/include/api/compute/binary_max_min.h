//===- binary_max_min.h - larger or smaller of two tiles ---*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(binary_max_tile_init, Max)
FORCE_INLINE void binary_max_tile(uint32_t a, uint32_t b, uint32_t dst,
                                  int mode = VectorMode::RC, TW_LOC) {
  MATH(tw_api->sfpuBinary(TwBinary::Max, a, b, 0, dst, 0, mode, loc));
}
TW_SFPU_BINARY_INIT(binary_max_int32_tile_init, MaxInt)
TW_SFPU_BINARY(binary_max_int32_tile, MaxInt)
TW_SFPU_BINARY_INIT(binary_max_uint32_tile_init, MaxUint)
TW_SFPU_BINARY(binary_max_uint32_tile, MaxUint)
TW_SFPU_BINARY_INIT(binary_min_tile_init, Min)
FORCE_INLINE void binary_min_tile(uint32_t a, uint32_t b, uint32_t dst,
                                  int mode = VectorMode::RC, TW_LOC) {
  MATH(tw_api->sfpuBinary(TwBinary::Min, a, b, 0, dst, 0, mode, loc));
}
TW_SFPU_BINARY_INIT(binary_min_int32_tile_init, MinInt)
TW_SFPU_BINARY(binary_min_int32_tile, MinInt)
TW_SFPU_BINARY_INIT(binary_min_uint32_tile_init, MinUint)
TW_SFPU_BINARY(binary_min_uint32_tile, MinUint)

/// Early in 2025 the result took the place of a; max_tile is the older name.
FORCE_INLINE void binary_max_tile(uint32_t a, uint32_t b, TW_LOC) {
  binary_max_tile(a, b, a, VectorMode::RC, loc);
}
FORCE_INLINE void binary_min_tile(uint32_t a, uint32_t b, TW_LOC) {
  binary_min_tile(a, b, a, VectorMode::RC, loc);
}
TW_SFPU_BINARY_INIT(max_tile_init, Max)
FORCE_INLINE void max_tile(uint32_t a, uint32_t b, int mode = VectorMode::RC,
                           TW_LOC) {
  binary_max_tile(a, b, a, mode, loc);
}

} // namespace ckernel

#pragma clang diagnostic pop
