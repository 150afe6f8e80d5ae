//===- softplus.h - softplus of DST tiles -----------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(softplus_tile_init, Softplus)
/// log(1 + exp(beta * x)) / beta where beta * x is below the threshold, x
/// elsewhere.
FORCE_INLINE void softplus_tile(uint32_t dst, uint32_t beta,
                                uint32_t betaReciprocal, uint32_t threshold,
                                TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Softplus, dst, beta, threshold,
                         VectorMode::RC, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
