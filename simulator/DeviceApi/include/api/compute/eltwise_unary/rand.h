//===- rand.h - random DST tiles --------------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

FORCE_INLINE void rand_tile_init(uint32_t seed = 0, TW_LOC) {
  MATH(tw_api->sfpuInit(TwUnary::Rand, loc));
  MATH(tw_api->sfpuSeed(seed, loc));
}
/// Uniform in [from, from + scale), both fp32. The generator is the
/// simulator's own: the distribution is the chip's, the numbers are not.
FORCE_INLINE void rand_tile(uint32_t dst, uint32_t from, uint32_t scale,
                            TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Rand, dst, from, scale, VectorMode::RC, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
