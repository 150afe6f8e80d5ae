//===- matmul.h - products of tiles: in0 goes to SrcB, in1 to SrcA -*- C++
//-*-===//
#pragma once

#include "api/compute/common.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace tilewright_device {
/// What matmul_tiles keeps of the last init: whether in1 tiles are transposed.
inline bool transposeIn1 = false;
} // namespace tilewright_device

namespace ckernel {

FORCE_INLINE void matmul_init(uint32_t in0, uint32_t in1,
                              uint32_t transpose = 0, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::opInit(TwOp::Matmul, TwBroadcast::None, loc,
                            TwVariant::matmul(1, 1));
}
FORCE_INLINE void matmul_block_init(uint32_t in0, uint32_t in1,
                                    uint32_t transpose = 0, uint32_t ct = 1,
                                    uint32_t rt = 1, uint32_t kt = 1, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::opInit(TwOp::Matmul, TwBroadcast::None, loc,
                            TwVariant::matmul(ct, rt));
}
FORCE_INLINE void mm_init(uint32_t in0 = 0, uint32_t in1 = 1, uint32_t out = 16,
                          uint32_t transpose = 0, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::configure(in1, in0, out, true, loc);
  tilewright_device::setOp(TwOp::Matmul, TwBroadcast::None, loc,
                           TwVariant::matmul(1, 1));
}
FORCE_INLINE void mm_init_short(uint32_t in0 = 0, uint32_t in1 = 1,
                                uint32_t transpose = 0, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::opInit(TwOp::Matmul, TwBroadcast::None, loc,
                            TwVariant::matmul(1, 1));
}
FORCE_INLINE void mm_init_short_with_dt(uint32_t in0 = 0, uint32_t in1 = 1,
                                        uint32_t oldSrcA = 2,
                                        uint32_t transpose = 0, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::formatInit(TwOp::Matmul, TwBroadcast::None, in1, -1, loc,
                                TwVariant::matmul(1, 1));
}
FORCE_INLINE void mm_block_init(uint32_t in0 = 0, uint32_t in1 = 1,
                                uint32_t out = 16, uint32_t transpose = 0,
                                uint32_t ct = 1, uint32_t rt = 1,
                                uint32_t kt = 1, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::configure(in1, in0, out, true, loc);
  tilewright_device::setOp(TwOp::Matmul, TwBroadcast::None, loc,
                           TwVariant::matmul(ct, rt));
}
FORCE_INLINE void mm_block_init_short(uint32_t in0 = 0, uint32_t in1 = 1,
                                      uint32_t transpose = 0, uint32_t ct = 1,
                                      uint32_t rt = 1, uint32_t kt = 1,
                                      TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::opInit(TwOp::Matmul, TwBroadcast::None, loc,
                            TwVariant::matmul(ct, rt));
}
FORCE_INLINE void mm_block_init_short_with_dt(uint32_t in0 = 0,
                                              uint32_t in1 = 1,
                                              uint32_t oldSrcA = 2,
                                              uint32_t transpose = 0,
                                              uint32_t ct = 1, uint32_t rt = 1,
                                              uint32_t kt = 1, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::formatInit(TwOp::Matmul, TwBroadcast::None, in1, -1, loc,
                                TwVariant::matmul(ct, rt));
}
FORCE_INLINE void
mm_block_init_short_with_both_dt(uint32_t in0, uint32_t in1, uint32_t oldIn0,
                                 uint32_t oldIn1, uint32_t transpose = 0,
                                 uint32_t ct = 1, uint32_t rt = 1,
                                 uint32_t kt = 1, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::formatInit(TwOp::Matmul, TwBroadcast::None, in1, in0, loc,
                                TwVariant::matmul(ct, rt));
}
} // namespace ckernel

namespace tilewright_device {
FORCE_INLINE void matmulStep(uint32_t in0, uint32_t in1, uint32_t tile0,
                             uint32_t tile1, uint32_t dst, bool transpose,
                             uint32_t ct, uint32_t rt, uint32_t kt, TwLoc loc) {
  UNPACK(
      tw_api->unpackMatmul(in0, in1, tile0, tile1, transpose, ct, rt, kt, loc));
  MATH(tw_api->mathMatmul(dst, ct, rt, loc));
}
} // namespace tilewright_device

namespace ckernel {
template <bool RowMop = false>
FORCE_INLINE void matmul_block(uint32_t in0, uint32_t in1, uint32_t tile0,
                               uint32_t tile1, uint32_t dst, uint32_t transpose,
                               uint32_t ct, uint32_t rt, uint32_t kt, TW_LOC) {
  tilewright_device::matmulStep(in0, in1, tile0, tile1, dst, transpose != 0, ct,
                                rt, kt, loc);
}

FORCE_INLINE void matmul_tiles(uint32_t in0, uint32_t in1, uint32_t tile0,
                               uint32_t tile1, uint32_t dst, TW_LOC) {
  tilewright_device::matmulStep(in0, in1, tile0, tile1, dst,
                                tilewright_device::transposeIn1, 1, 1, 1, loc);
}
FORCE_INLINE void matmul_tiles(uint32_t in0, uint32_t in1, uint32_t tile0,
                               uint32_t tile1, uint32_t dst, uint32_t transpose,
                               TW_LOC) {
  tilewright_device::matmulStep(in0, in1, tile0, tile1, dst, transpose != 0, 1,
                                1, 1, loc);
}
template <uint32_t Faces = 4>
TW_UNAVAILABLE("products of operands that are in Src already")
inline void matmul_tiles_math(uint32_t) {}
/// `steps` of K: in0 advances by in0Stride tiles each, in1 by in1Stride.
FORCE_INLINE void matmul_block_k_loop(uint32_t in0, uint32_t in1,
                                      uint32_t tile0, uint32_t tile1,
                                      uint32_t dst, uint32_t transpose,
                                      uint32_t ct, uint32_t rt, uint32_t kt,
                                      uint32_t steps, uint32_t in0Stride,
                                      uint32_t in1Stride, TW_LOC) {
  for (uint32_t k = 0; k < steps; ++k)
    tilewright_device::matmulStep(in0, in1, tile0 + k * in0Stride,
                                  tile1 + k * in1Stride, dst, transpose != 0,
                                  ct, rt, kt, loc);
}

} // namespace ckernel

#pragma clang diagnostic pop
