//===- lgamma.h - logarithm of the gamma function ---------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_UNAVAILABLE("lgamma")
inline void lgamma_stirling_tile_init() {}
TW_UNAVAILABLE("lgamma")
inline void lgamma_stirling_tile(uint32_t) {}
TW_UNAVAILABLE("lgamma")
inline void lgamma_adjusted_tile_init() {}
TW_UNAVAILABLE("lgamma")
inline void lgamma_adjusted_tile(uint32_t, uint32_t, uint32_t, uint32_t) {}

} // namespace ckernel

#pragma clang diagnostic pop
