//===- transpose_wh.h - transpose.h in its older spelling -------*- C++ -*-===//
#pragma once

#include "api/compute/transpose.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

FORCE_INLINE void transpose_wh_init(uint32_t in, uint32_t out, TW_LOC) {
  tilewright_device::configure(in, in, out, true, loc);
  tilewright_device::setOp(TwOp::Transpose, TwBroadcast::None, loc);
}
FORCE_INLINE void transpose_wh_init_short(uint32_t cb, TW_LOC) {
  tilewright_device::opInit(TwOp::Transpose, TwBroadcast::None, loc);
}
FORCE_INLINE void transpose_wh_tile(uint32_t cb, uint32_t tile, uint32_t dst,
                                    TW_LOC) {
  transpose_tile(cb, tile, dst, loc);
}

} // namespace ckernel

#pragma clang diagnostic pop
