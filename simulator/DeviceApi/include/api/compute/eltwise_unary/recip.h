//===- recip.h - reciprocal of DST tiles ------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(recip_tile_init, Recip)
template <bool Legacy = true>
FORCE_INLINE void recip_tile(uint32_t dst, int mode = VectorMode::RC, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Recip, dst, 0, 0, mode, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
