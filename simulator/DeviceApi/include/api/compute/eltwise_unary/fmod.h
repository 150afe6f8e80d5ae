//===- fmod.h - fmod of DST tiles by a scalar -------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

/// The divisor and its reciprocal.
FORCE_INLINE void fmod_tile_init(uint32_t divisor = 0, uint32_t reciprocal = 0,
                                 TW_LOC) {
  MATH(tw_api->sfpuInit(TwUnary::FmodScalar, loc));
}
TW_SFPU_CALL2(fmod_tile, FmodScalar)

} // namespace ckernel

#pragma clang diagnostic pop
