//===- tilize.h - row-major rows into tiles ---------------------*- C++ -*-===//
#pragma once

#include "api/compute/common.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

/// `block` tiles of 32 rows that lie row-major in `in`: 32 rows of 32 * block
/// elements.
FORCE_INLINE void tilize_init(uint32_t in, uint32_t block, uint32_t out,
                              TW_LOC) {
  tilewright_device::startAsOf2025(in, in, out, TW_OF_2025, loc);
  tilewright_device::opInit(TwOp::Tilize, TwBroadcast::None, loc);
  UNPACK(tw_api->setLayout(TwLayout::Tilize, loc));
}
FORCE_INLINE void tilize_init_short_with_dt(uint32_t oldIn, uint32_t in,
                                            uint32_t block, uint32_t out,
                                            TW_LOC) {
  tilewright_device::formatInit(TwOp::Tilize, TwBroadcast::None, in, in, loc);
  UNPACK(tw_api->setLayout(TwLayout::Tilize, loc));
}
/// The spelling of early 2025.
FORCE_INLINE void tilize_init_short(uint32_t in, uint32_t block, uint32_t out,
                                    TW_LOC) {
  tilize_init(in, block, out, loc);
}
/// Takes a DST section for each tile; packs tile t as outTile + t.
FORCE_INLINE void tilize_block(uint32_t in, uint32_t block, uint32_t out,
                               uint32_t inTile = 0, uint32_t outTile = 0,
                               TW_LOC) {
  for (uint32_t t = 0; t < block; ++t) {
    UNPACK(tw_api->unpackSection());
    UNPACK(tw_api->unpackTilize(in, inTile + t, block, loc));
    MATH(tw_api->dstAcquire(loc));
    MATH(tw_api->mathUnary(TwOp::Tilize, TwBroadcast::None, 0, loc));
    MATH(tw_api->dstCommit(loc));
    PACK(tw_api->dstWait(loc));
    PACK(tw_api->packTile(0, out, true, outTile + t, loc));
    PACK(tw_api->dstRelease(loc));
  }
}
FORCE_INLINE void tilize_uninit(uint32_t in, uint32_t out, TW_LOC) {
  UNPACK(tw_api->shortInit(loc));
  UNPACK(tw_api->setLayout(TwLayout::Tiles, loc));
}
FORCE_INLINE void tilize_uninit_with_dt(uint32_t oldIn, uint32_t in,
                                        uint32_t out, TW_LOC) {
  UNPACK(tw_api->unpackReconfigure(in, in, loc));
  UNPACK(tw_api->setLayout(TwLayout::Tiles, loc));
}
FORCE_INLINE void fast_tilize_init(uint32_t in, uint32_t block, uint32_t out,
                                   TW_LOC) {
  tilize_init(in, block, out, loc);
}
FORCE_INLINE void fast_tilize_init_with_dt(uint32_t in, uint32_t block,
                                           uint32_t out, TW_LOC) {
  tilize_init_short_with_dt(in, in, block, out, loc);
}
FORCE_INLINE void fast_tilize_block(uint32_t in, uint32_t block, uint32_t out,
                                    uint32_t inTile = 0, uint32_t outTile = 0,
                                    TW_LOC) {
  tilize_block(in, block, out, inTile, outTile, loc);
}
FORCE_INLINE void fast_tilize_uninit(uint32_t in, uint32_t out, TW_LOC) {
  tilize_uninit(in, out, loc);
}
// The forms without the packer are those of the other thread's start-up: a
// packer that another init has set stays as it is.
FORCE_INLINE void tilize_init_no_pack(uint32_t in, uint32_t block, TW_LOC) {
  tilize_init(in, block, in, loc);
}
FORCE_INLINE void tilize_init_short_with_dt_no_pack(uint32_t oldIn, uint32_t in,
                                                    uint32_t block, TW_LOC) {
  tilize_init_short_with_dt(oldIn, in, block, in, loc);
}
FORCE_INLINE void tilize_uninit_no_pack(uint32_t in, TW_LOC) {
  tilize_uninit(in, in, loc);
}
FORCE_INLINE void tilize_uninit_with_dt_no_pack(uint32_t oldIn, uint32_t in,
                                                TW_LOC) {
  tilize_uninit_with_dt(oldIn, in, in, loc);
}
TW_UNAVAILABLE("tilizing without packing: use tilize_block")
inline void tilize_block_no_pack(uint32_t, uint32_t, uint32_t, uint32_t = 0) {}
TW_UNAVAILABLE("tilizing on one thread: use tilize_init")
inline void tilize_init_unpack(uint32_t, uint32_t) {}
TW_UNAVAILABLE("tilizing on one thread: use tilize_block")
inline void unpack_tilize_block(uint32_t, uint32_t) {}
TW_UNAVAILABLE("tilizing into a matrix product")
inline void tilizeA_B_dot_product_init(uint32_t, uint32_t, uint32_t, uint32_t,
                                       uint32_t = 4, uint32_t = 16) {}
TW_UNAVAILABLE("tilizing into a matrix product")
inline void unpack_tilizeA_B_dot_product_block(uint32_t, uint32_t, uint32_t,
                                               uint32_t, uint32_t = 4) {}
template <bool NegInfA = true, bool ZeroA = false>
TW_UNAVAILABLE("tilizing into a reduction")
inline void tilizeA_B_reduce_init(uint32_t, uint32_t, uint32_t, uint32_t,
                                  uint32_t = 4, uint32_t = 16) {}
template <bool NegInfA = true, uint32_t ReloadB = 1, bool ZeroA = false,
          bool ZeroAReduce = false>
TW_UNAVAILABLE("tilizing into a reduction")
inline void unpack_tilizeA_B_block(uint32_t, uint32_t, uint32_t, uint32_t,
                                   uint32_t = 4, uint32_t = 16) {}
TW_UNAVAILABLE("tilizing into a reduction")
inline void unpack_tilizeA_B_uninit(uint32_t) {}

} // namespace ckernel

#pragma clang diagnostic pop
