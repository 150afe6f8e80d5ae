//===- typecast.h - number formats of DST tiles -----------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(typecast_tile_init, Typecast)
template <uint32_t In, uint32_t Out>
FORCE_INLINE void typecast_tile(uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Typecast, dst, In, Out, VectorMode::RC, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
