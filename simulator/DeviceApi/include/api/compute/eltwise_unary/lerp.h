//===- lerp.h - linear interpolation of DST tiles ---------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(lerp_tile_init, Lerp)
/// a + c * (b - a)
template <DataFormat Format>
FORCE_INLINE void lerp_tile(uint32_t a, uint32_t b, uint32_t c, uint32_t dst,
                            TW_LOC) {
  MATH(tw_api->sfpuBinary(TwBinary::Lerp, a, b, c, dst, 0, VectorMode::RC,
                          loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
