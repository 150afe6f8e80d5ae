//===- bcast.h - element-wise with a broadcast operand ----------*- C++ -*-===//
#pragma once

#include "tilewright/eltwise.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

#define TW_BROADCAST(name, op)                                                 \
  template <BroadcastType Dim>                                                 \
  FORCE_INLINE void name##_tiles_bcast(                                        \
      uint32_t in0, uint32_t in1, uint32_t tile0, uint32_t tile1,              \
      uint32_t dst, uint32_t row = 0, TW_LOC) {                                \
    tilewright_device::binaryTiles(op, tilewright_device::broadcast(Dim), in0, \
                                   in1, tile0, tile1, dst, row, loc);          \
  }                                                                            \
  TW_BROADCAST_DIM(name, op, rows, ROW)                                        \
  TW_BROADCAST_DIM(name, op, cols, COL)                                        \
  TW_BROADCAST_DIM(name, op, scalar, SCALAR)
/// `row` is the row of in1's tile that a row broadcast spreads.
#define TW_BROADCAST_DIM(name, op, dim, type)                                  \
  template <bool Fp32Acc = DST_ACCUM_MODE>                                     \
  FORCE_INLINE void name##_tiles_bcast_##dim(                                  \
      uint32_t in0, uint32_t in1, uint32_t tile0, uint32_t tile1,              \
      uint32_t dst, uint32_t row = 0, TW_LOC) {                                \
    name##_tiles_bcast<BroadcastType::type>(in0, in1, tile0, tile1, dst, row,  \
                                            loc);                              \
  }                                                                            \
  FORCE_INLINE void name##_bcast_##dim##_init(uint32_t in0, uint32_t in1,      \
                                              TW_LOC) {                        \
    tilewright_device::binaryInit(                                             \
        op, tilewright_device::broadcast(BroadcastType::type), false, loc);    \
  }                                                                            \
  FORCE_INLINE void name##_bcast_##dim##_init_short(uint32_t in0,              \
                                                    uint32_t in1, TW_LOC) {    \
    name##_bcast_##dim##_init(in0, in1, loc);                                  \
  }                                                                            \
  FORCE_INLINE void name##_tiles_bcast_##dim##_init_short(                     \
      uint32_t in0, uint32_t in1, TW_LOC) {                                    \
    name##_bcast_##dim##_init(in0, in1, loc);                                  \
  }
TW_BROADCAST(add, TwOp::Add)
TW_BROADCAST(sub, TwOp::Sub)
TW_BROADCAST(mul, TwOp::Mul)
#undef TW_BROADCAST_DIM
#undef TW_BROADCAST

template <EltwiseBinaryType Op, BroadcastType Dim>
FORCE_INLINE void init_bcast(uint32_t in0, uint32_t in1, uint32_t out, TW_LOC) {
  tilewright_device::configure(in0, in1, out, true, loc);
  tilewright_device::setOp(tilewright_device::eltwise(Op),
                           tilewright_device::broadcast(Dim), loc);
  tilewright_device::accumulate = false;
}
template <EltwiseBinaryType Op, BroadcastType Dim>
FORCE_INLINE void bcast_init(uint32_t in0, uint32_t in1, TW_LOC) {
  tilewright_device::binaryInit(tilewright_device::eltwise(Op),
                                tilewright_device::broadcast(Dim), false, loc);
}
template <EltwiseBinaryType Op, BroadcastType Dim>
FORCE_INLINE void any_tiles_bcast(uint32_t in0, uint32_t in1, uint32_t tile0,
                                  uint32_t tile1, uint32_t dst,
                                  uint32_t row = 0, TW_LOC) {
  tilewright_device::binaryTiles(tilewright_device::eltwise(Op),
                                 tilewright_device::broadcast(Dim), in0, in1,
                                 tile0, tile1, dst, row, loc);
}

template <BroadcastType Dim>
FORCE_INLINE void unary_bcast_init(uint32_t in, uint32_t out, TW_LOC) {
  tilewright_device::configure(in, in, out, true, loc);
  tilewright_device::setOp(TwOp::UnaryBroadcast,
                           tilewright_device::broadcast(Dim), loc);
}
template <BroadcastType Dim>
FORCE_INLINE void unary_bcast_init(uint32_t in, TW_LOC) {
  tilewright_device::opInit(TwOp::UnaryBroadcast,
                            tilewright_device::broadcast(Dim), loc);
}
template <BroadcastType OldDim, BroadcastType Dim>
FORCE_INLINE void reconfigure_unary_bcast(uint32_t oldIn, uint32_t in,
                                          uint32_t oldOut, uint32_t out,
                                          TW_LOC) {
  tilewright_device::formatInit(TwOp::UnaryBroadcast,
                                tilewright_device::broadcast(Dim), in, in, loc);
  PACK(tw_api->packReconfigure(out, loc));
}
template <BroadcastType Dim>
FORCE_INLINE void unary_bcast(uint32_t cb, uint32_t tile, uint32_t dst,
                              TW_LOC) {
  constexpr TwBroadcast dim = tilewright_device::broadcast(Dim);
  UNPACK(tw_api->unpackUnary(TwOp::UnaryBroadcast, dim, cb, tile, false, loc));
  MATH(tw_api->mathUnary(TwOp::UnaryBroadcast, dim, dst, loc));
}

template <BroadcastType Dim>
FORCE_INLINE void unary_bcast_uninit(uint32_t cb, TW_LOC) {
  MATH(tw_api->shortInit(loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
