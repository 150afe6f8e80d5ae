//===- transpose.h - tiles into DST, rows and columns exchanged -*- C++ -*-===//
#pragma once

#include "api/compute/common.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

FORCE_INLINE void transpose_init(uint32_t cb, TW_LOC) {
  tilewright_device::opInit(TwOp::Transpose, TwBroadcast::None, loc);
}
FORCE_INLINE void transpose_tile(uint32_t cb, uint32_t tile, uint32_t dst,
                                 TW_LOC) {
  UNPACK(tw_api->unpackUnary(TwOp::Transpose, TwBroadcast::None, cb, tile, true,
                             loc));
  MATH(tw_api->mathUnary(TwOp::Transpose, TwBroadcast::None, dst, loc));
}
FORCE_INLINE void transpose_block(uint32_t cb, uint32_t tile, uint32_t dst,
                                  uint32_t tiles, TW_LOC) {
  for (uint32_t i = 0; i < tiles; ++i)
    transpose_tile(cb, tile + i, dst + i, loc);
}

} // namespace ckernel

#pragma clang diagnostic pop
