//===- gelu.h - GELU of DST tiles -------------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(gelu_tile_init, Gelu)
/// The approximation takes less time; both compute the function itself.
template <bool FastAndApprox = true>
FORCE_INLINE void gelu_tile(uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuUnary(FastAndApprox ? TwUnary::GeluApprox : TwUnary::Gelu,
                         dst, 0, 0, VectorMode::RC, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
