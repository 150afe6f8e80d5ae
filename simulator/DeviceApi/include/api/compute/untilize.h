//===- untilize.h - tiles into row-major rows, by the unpacker --*- C++ -*-===//
#pragma once

#include "api/compute/common.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

FORCE_INLINE void untilize_init(uint32_t in, TW_LOC) {
  tilewright_device::opInit(TwOp::Copy, TwBroadcast::None, loc);
  UNPACK(tw_api->setLayout(TwLayout::Untilize, loc));
}
/// The spellings of early 2025; the first one also sets the formats.
FORCE_INLINE void untilize_init(uint32_t in, uint32_t out, TW_LOC) {
  tilewright_device::configure(in, in, out, true, loc);
  tilewright_device::setOp(TwOp::Copy, TwBroadcast::None, loc);
  UNPACK(tw_api->setLayout(TwLayout::Untilize, loc));
}
FORCE_INLINE void untilize_init_short(uint32_t in, TW_LOC) {
  untilize_init(in, loc);
}
/// The `fullCt` tiles in front of `in` become 32 rows of 32 * fullCt elements
/// in `out`. Takes a DST section for each BlockCt tiles.
template <uint32_t BlockCt = 1>
FORCE_INLINE void untilize_block(uint32_t in, uint32_t fullCt, uint32_t out,
                                 TW_LOC) {
  UNPACK(tw_api->needLayout(TwLayout::Untilize, "untilize_block", loc));
  UNPACK(tw_api->setLayout(TwLayout::Tiles, loc));
  PACK(tw_api->setLayout(TwLayout::Untilize, loc));
  for (uint32_t t = 0; t < fullCt; t += BlockCt) {
    UNPACK(tw_api->unpackSection());
    MATH(tw_api->dstAcquire(loc));
    PACK(tw_api->dstWait(loc));
    for (uint32_t i = 0; i < BlockCt; ++i) {
      UNPACK(tw_api->unpackUnary(TwOp::Copy, TwBroadcast::None, in, t + i,
                                 false, loc));
      MATH(tw_api->mathUnary(TwOp::Copy, TwBroadcast::None, i, loc));
      PACK(tw_api->packUntilize(i, out, fullCt * 32, 0, (t + i) * 32, 16, 4, 32,
                                loc));
    }
    MATH(tw_api->dstCommit(loc));
    PACK(tw_api->dstRelease(loc));
  }
  UNPACK(tw_api->setLayout(TwLayout::Untilize, loc));
  PACK(tw_api->setLayout(TwLayout::Tiles, loc));
}
FORCE_INLINE void untilize_uninit(uint32_t in, TW_LOC) {
  UNPACK(tw_api->shortInit(loc));
  UNPACK(tw_api->setLayout(TwLayout::Tiles, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
