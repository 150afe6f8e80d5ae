//===- dropout.h - dropout of DST tiles -------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

FORCE_INLINE void dropout_kernel_init(uint32_t seed = 0, TW_LOC) {
  MATH(tw_api->sfpuInit(TwUnary::Dropout, loc));
  MATH(tw_api->sfpuSeed(seed, loc));
}
/// Zeroes elements with `probability` / (2^31 - 1); scales the others by an
/// fp32. The generator is the simulator's own.
TW_SFPU_CALL2(dropout_tile, Dropout)

} // namespace ckernel

#pragma clang diagnostic pop
