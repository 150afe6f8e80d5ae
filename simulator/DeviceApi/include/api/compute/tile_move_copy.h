//===- tile_move_copy.h - copies of tiles into DST --------------*- C++ -*-===//
#pragma once

#include "api/compute/common.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace tilewright_device {
/// What copy_tile keeps of the last init: whether tiles are transposed.
inline bool transposeCopies = false;
inline void copyTransposed(bool ofFaces, bool withinFaces, TwLoc loc) {
  if (ofFaces != withinFaces)
    tw_api->unsupported("a copy that transposes only the faces, or only within "
                        "them",
                        loc);
  transposeCopies = ofFaces;
}
} // namespace tilewright_device

namespace ckernel {

FORCE_INLINE void copy_init(uint32_t cb, uint32_t transpose = 0,
                            bool transpose16 = false, TW_LOC) {
  tilewright_device::copyTransposed(transpose != 0, transpose16, loc);
  tilewright_device::opInit(TwOp::Copy, TwBroadcast::None, loc);
}
FORCE_INLINE void copy_tile_init(uint32_t cb, TW_LOC) {
  tilewright_device::copyTransposed(false, false, loc);
  tilewright_device::opInit(TwOp::Copy, TwBroadcast::None, loc);
}
FORCE_INLINE void copy_tile_to_dst_init_short(uint32_t cb = 0,
                                              uint32_t transpose = 0,
                                              uint32_t transpose16 = 0,
                                              TW_LOC) {
  tilewright_device::copyTransposed(transpose != 0, transpose16 != 0, loc);
  tilewright_device::opInit(TwOp::Copy, TwBroadcast::None, loc);
}
FORCE_INLINE void copy_tile_to_dst_init_short_with_dt(uint32_t oldCb,
                                                      uint32_t cb,
                                                      uint32_t transpose = 0,
                                                      TW_LOC) {
  tilewright_device::copyTransposed(transpose != 0, transpose != 0, loc);
  tilewright_device::formatInit(TwOp::Copy, TwBroadcast::None, cb, -1, loc);
}
FORCE_INLINE void copy_tile(uint32_t cb, uint32_t tile, uint32_t dst, TW_LOC) {
  UNPACK(tw_api->unpackUnary(TwOp::Copy, TwBroadcast::None, cb, tile,
                             tilewright_device::transposeCopies, loc));
  MATH(tw_api->mathUnary(TwOp::Copy, TwBroadcast::None, dst, loc));
}
// A template, so that a kernel's own function of this name comes first.
template <auto... Options>
FORCE_INLINE void copy_block(uint32_t cb, uint32_t tile, uint32_t dst,
                             uint32_t tiles, TW_LOC) {
  for (uint32_t i = 0; i < tiles; ++i)
    copy_tile(cb, tile + i, dst + i, loc);
}
FORCE_INLINE void copy_block_matmul_partials(uint32_t cb, uint32_t tile,
                                             uint32_t dst, uint32_t tiles,
                                             TW_LOC) {
  copy_block(cb, tile, dst, tiles, loc);
}

} // namespace ckernel

#pragma clang diagnostic pop
