//===- pack_untilize.h - tiles into row-major rows, by the packer -*- C++
//-*-===//
#pragma once

#include "api/compute/common.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

template <uint32_t BlockCt = 8, uint32_t FullCt = BlockCt,
          bool NarrowRow = false, uint32_t RowDatums = 32, bool Dense = false>
FORCE_INLINE void pack_untilize_dest_init(uint32_t out, uint32_t faceRows = 16,
                                          uint32_t faces = 4, TW_LOC) {
  PACK(tw_api->packReconfigure(out, loc));
  PACK(tw_api->setLayout(TwLayout::Untilize, loc));
}
template <uint32_t BlockCt = 8, uint32_t FullCt = BlockCt>
FORCE_INLINE void pack_untilize_init(uint32_t in, uint32_t out, TW_LOC) {
  tilewright_device::startAsOf2025(in, in, out, TW_OF_2025, loc);
  tilewright_device::opInit(TwOp::Copy, TwBroadcast::None, loc);
  PACK(tw_api->packReconfigure(out, loc));
  PACK(tw_api->setLayout(TwLayout::Untilize, loc));
}
/// DST tiles [0, blockRt * BlockCt) become rows of 32 * FullCt elements, of
/// which they are columns from 32 * BlockCt * blockColumn on. Tiles of one or
/// two faces, or of fewer rows in a face, give fewer rows.
template <uint32_t BlockCt = 8, uint32_t FullCt = BlockCt,
          bool Diagonal = false, bool NarrowRow = false,
          uint32_t RowDatums = 32, uint32_t DstCtOffset = 0, bool Dense = false>
FORCE_INLINE void pack_untilize_dest(uint32_t out, uint32_t blockRt = 1,
                                     uint32_t blockColumn = 0,
                                     uint32_t faceRows = 16, uint32_t faces = 4,
                                     uint32_t dstRtOffset = 0, TW_LOC) {
  static_assert(
      !Diagonal && !Dense,
      "not simulated: diagonal and dense forms of pack_untilize_dest");
  constexpr uint32_t columns = NarrowRow ? RowDatums : 32;
  PACK(for (uint32_t r = 0; r < blockRt; ++r) for (uint32_t c = 0; c < BlockCt;
                                                   ++c)
           tw_api->packUntilize((r + dstRtOffset) * BlockCt + c + DstCtOffset,
                                out, FullCt * columns,
                                r * faceRows * (faces > 2 ? 2 : 1),
                                (blockColumn * BlockCt + c) * columns, faceRows,
                                faces, columns, loc));
}
template <uint32_t BlockCt = 8, uint32_t FullCt = BlockCt>
FORCE_INLINE void pack_untilize_block(uint32_t in, uint32_t blockRt,
                                      uint32_t out, uint32_t blockColumn = 0,
                                      TW_LOC) {
  for (uint32_t r = 0; r < blockRt; ++r) {
    UNPACK(tw_api->unpackSection());
    MATH(tw_api->dstAcquire(loc));
    for (uint32_t c = 0; c < BlockCt; ++c) {
      UNPACK(tw_api->unpackUnary(TwOp::Copy, TwBroadcast::None, in, c, false,
                                 loc));
      MATH(tw_api->mathUnary(TwOp::Copy, TwBroadcast::None, c, loc));
    }
    MATH(tw_api->dstCommit(loc));
    PACK(tw_api->dstWait(loc));
    pack_untilize_dest<BlockCt, FullCt>(out, 1, blockColumn, 16, 4, 0, loc);
    PACK(tw_api->dstRelease(loc));
  }
}
/// The spellings of early 2025.
template <uint32_t BlockCt = 8, uint32_t FullCt = BlockCt>
FORCE_INLINE void pack_untilize_init_short(uint32_t in, uint32_t out, TW_LOC) {
  pack_untilize_init<BlockCt, FullCt>(in, out, loc);
}
template <uint32_t BlockCt = 8, uint32_t FullCt = BlockCt,
          bool Diagonal = false, bool NarrowRow = false,
          uint32_t RowDatums = 32>
FORCE_INLINE void pack_untilize_dst_init_short(uint32_t out,
                                               uint32_t faceRows = 16,
                                               uint32_t faces = 4, TW_LOC) {
  pack_untilize_dest_init<BlockCt, FullCt, NarrowRow, RowDatums>(out, faceRows,
                                                                 faces, loc);
}
template <uint32_t BlockCt = 8, uint32_t FullCt = BlockCt,
          bool Diagonal = false, bool NarrowRow = false,
          uint32_t RowDatums = 32>
FORCE_INLINE void
pack_untilize_dst(uint32_t out, uint32_t blockRt = 1, uint32_t blockColumn = 0,
                  uint32_t faceRows = 16, uint32_t faces = 4, TW_LOC) {
  pack_untilize_dest<BlockCt, FullCt, Diagonal, NarrowRow, RowDatums>(
      out, blockRt, blockColumn, faceRows, faces, 0, loc);
}
FORCE_INLINE void pack_untilize_uninit(uint32_t out, TW_LOC) {
  PACK(tw_api->packReconfigure(out, loc));
  PACK(tw_api->setLayout(TwLayout::Tiles, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
