//===- tanh.h - tanh of DST tiles -------------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(tanh_tile_init, Tanh)
/// The approximation takes less time; both compute the function itself.
template <bool FastAndApprox = false>
FORCE_INLINE void tanh_tile(uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuUnary(FastAndApprox ? TwUnary::TanhApprox : TwUnary::Tanh,
                         dst, 0, 0, VectorMode::RC, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
