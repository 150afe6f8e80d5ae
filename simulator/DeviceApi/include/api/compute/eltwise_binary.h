//===- eltwise_binary.h - sums and products of tiles ------------*- C++ -*-===//
#pragma once

#include "tilewright/eltwise.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

FORCE_INLINE void binary_op_init_common(uint32_t in0, uint32_t in1,
                                        uint32_t out = 16, TW_LOC) {
  tilewright_device::configure(in0, in1, out, true, loc);
}

#define TW_ELTWISE(name, op, accumulateByDefault)                              \
  FORCE_INLINE void name##_init(uint32_t in0, uint32_t in1,                    \
                                bool acc_to_dest = accumulateByDefault,        \
                                TW_LOC) {                                      \
    tilewright_device::binaryInit(op, TwBroadcast::None, acc_to_dest, loc);    \
  }                                                                            \
  FORCE_INLINE void name##_tiles_init(uint32_t in0 = 0, uint32_t in1 = 1,      \
                                      bool acc_to_dest = false, TW_LOC) {      \
    tilewright_device::binaryInit(op, TwBroadcast::None, acc_to_dest, loc);    \
  }                                                                            \
  FORCE_INLINE void name##_tiles(uint32_t in0, uint32_t in1, uint32_t tile0,   \
                                 uint32_t tile1, uint32_t dst, TW_LOC) {       \
    tilewright_device::binaryTiles(op, TwBroadcast::None, in0, in1, tile0,     \
                                   tile1, dst, 0, loc);                        \
  }                                                                            \
  FORCE_INLINE void name##_block(uint32_t in0, uint32_t in1, uint32_t tile0,   \
                                 uint32_t tile1, uint32_t dst, uint32_t tiles, \
                                 TW_LOC) {                                     \
    for (uint32_t i = 0; i < tiles; ++i)                                       \
      name##_tiles(in0, in1, tile0 + i, tile1 + i, dst + i, loc);              \
  }
TW_ELTWISE(add, TwOp::Add, false)
TW_ELTWISE(sub, TwOp::Sub, false)
TW_ELTWISE(mul, TwOp::Mul, true)
#undef TW_ELTWISE

template <bool FullInit = false, EltwiseBinaryType Op = ELWADD>
FORCE_INLINE void binary_tiles_init(uint32_t in0, uint32_t in1,
                                    bool acc_to_dest = false, TW_LOC) {
  tilewright_device::binaryInit(tilewright_device::eltwise(Op),
                                TwBroadcast::None, acc_to_dest, loc);
}

/// The spellings of early 2025; circular buffers 0 and 1 where none is named.
template <bool FullInit = false, EltwiseBinaryType Op = ELWADD>
FORCE_INLINE void binary_op_specific_init(TW_LOC) {
  binary_tiles_init<FullInit, Op>(0, 1, false, loc);
}
FORCE_INLINE void add_tiles_init_nof(TW_LOC) {
  binary_op_specific_init<false, ELWADD>(loc);
}
FORCE_INLINE void sub_tiles_init_nof(TW_LOC) {
  binary_op_specific_init<false, ELWSUB>(loc);
}
FORCE_INLINE void mul_tiles_init_f(TW_LOC) {
  binary_op_specific_init<false, ELWMUL>(loc);
}

template <EltwiseBinaryType Op = ELWADD,
          EltwiseBinaryReuseDestType Reuse = EltwiseBinaryReuseDestType::NONE>
FORCE_INLINE void binary_dest_reuse_tiles_init(uint32_t cb, TW_LOC) {
  tilewright_device::opInit(
      tilewright_device::reuse(Op), TwBroadcast::None, loc,
      TwVariant::reuse(Reuse == EltwiseBinaryReuseDestType::DEST_TO_SRCA));
}
template <EltwiseBinaryType Op = ELWADD,
          EltwiseBinaryReuseDestType Reuse = EltwiseBinaryReuseDestType::NONE>
FORCE_INLINE void binary_dest_reuse_tiles(uint32_t cb, uint32_t tile,
                                          uint32_t dst, TW_LOC) {
  constexpr TwOp op = tilewright_device::reuse(Op);
  UNPACK(tw_api->unpackUnary(op, TwBroadcast::None, cb, tile, false, loc));
  MATH(tw_api->mathReuse(op, Reuse == EltwiseBinaryReuseDestType::DEST_TO_SRCA,
                         dst, loc));
}
#define TW_REUSE(name, op)                                                     \
  template <EltwiseBinaryReuseDestType Reuse>                                  \
  FORCE_INLINE void name##_reuse_dest_init(uint32_t cb, TW_LOC) {              \
    binary_dest_reuse_tiles_init<op, Reuse>(cb, loc);                          \
  }                                                                            \
  template <EltwiseBinaryReuseDestType Reuse>                                  \
  FORCE_INLINE void name##_reuse_dest_tiles(uint32_t cb, uint32_t tile,        \
                                            uint32_t dst, TW_LOC) {            \
    binary_dest_reuse_tiles<op, Reuse>(cb, tile, dst, loc);                    \
  }
TW_REUSE(add, ELWADD)
TW_REUSE(sub, ELWSUB)
TW_REUSE(mul, ELWMUL)
#undef TW_REUSE

} // namespace ckernel

#pragma clang diagnostic pop
