//===- rdiv.h - a scalar divided by DST tiles -------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(rdiv_tile_init, Rdiv)
template <RoundingMode Rounding = RoundingMode::None>
FORCE_INLINE void rdiv_tile(uint32_t dst, uint32_t value,
                            int mode = VectorMode::RC, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Rdiv, dst, value,
                         static_cast<uint32_t>(Rounding), mode, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
