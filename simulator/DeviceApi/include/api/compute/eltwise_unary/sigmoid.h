//===- sigmoid.h - sigmoid of DST tiles -------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(sigmoid_tile_init, Sigmoid)
/// The approximation takes less time; both compute the function itself.
template <int Mode = VectorMode::RC, bool Approx = false>
FORCE_INLINE void sigmoid_tile(uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuUnary(Approx ? TwUnary::SigmoidApprox : TwUnary::Sigmoid,
                         dst, 0, 0, Mode, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
