//===- rpow.h - a scalar to the power of DST tiles --------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(rpow_tile_init, Rpow)
FORCE_INLINE void rpow_tile(uint32_t dst, uint32_t base,
                            int mode = VectorMode::RC, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Rpow, dst, base, 0, mode, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
