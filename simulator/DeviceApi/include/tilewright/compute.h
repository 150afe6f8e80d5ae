//===- compute.h - the compute API without the vector unit ------*- C++ -*-===//
//
// A compute kernel is built three times; each call here reaches the simulator
// only on the thread that has a part in it. Names of both API generations stand
// side by side: the 2026-08 spelling and the one before.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/circular_buffer.h"
#include "tilewright/prelude.h"

#ifdef TRISC_UNPACK
#define UNPACK(...) __VA_ARGS__
#else
#define UNPACK(...)
#endif
#ifdef TRISC_MATH
#define MATH(...) __VA_ARGS__
#else
#define MATH(...)
#endif
#ifdef TRISC_PACK
#define PACK(...) __VA_ARGS__
#else
#define PACK(...)
#endif

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

enum class SrcOrder : uint8_t { Regular, Reverse };
enum class BroadcastType : uint8_t { NONE, COL, ROW, SCALAR };
enum class EltwiseBinaryType : uint8_t {
  ELWMUL,
  ELWDIV,
  ELWADD,
  ELWSUB,
  ELWLESS
};
using enum EltwiseBinaryType;
enum class EltwiseBinaryReuseDestType : uint8_t {
  NONE,
  DEST_TO_SRCA,
  DEST_TO_SRCB
};
enum class PoolType : uint8_t { SUM, AVG, MAX, MIN };
enum class ReduceDim : uint8_t { REDUCE_ROW, REDUCE_COL, REDUCE_SCALAR };
using enum PoolType;
using enum ReduceDim;
#ifndef TW_MATH_FIDELITY
#define TW_MATH_FIDELITY 4
#endif
#ifndef APPROX
#define APPROX false
#endif
constexpr MathFidelity MATH_FIDELITY =
    static_cast<MathFidelity>(TW_MATH_FIDELITY);

namespace tilewright_device {
constexpr TwBroadcast broadcast(BroadcastType type) {
  switch (type) {
  case BroadcastType::COL:
    return TwBroadcast::Column;
  case BroadcastType::ROW:
    return TwBroadcast::Row;
  case BroadcastType::SCALAR:
    return TwBroadcast::Scalar;
  default:
    return TwBroadcast::None;
  }
}
constexpr TwOp eltwise(EltwiseBinaryType type) {
  return type == ELWADD ? TwOp::Add : type == ELWSUB ? TwOp::Sub : TwOp::Mul;
}
constexpr TwOp reuse(EltwiseBinaryType type) {
  return type == ELWADD   ? TwOp::ReuseAdd
         : type == ELWSUB ? TwOp::ReuseSub
                          : TwOp::ReuseMul;
}
constexpr TwPool pool(PoolType type) {
  return type == SUM ? TwPool::Sum : type == AVG ? TwPool::Avg : TwPool::Max;
}
constexpr TwReduceDim dimension(ReduceDim dim) {
  return dim == REDUCE_ROW   ? TwReduceDim::Row
         : dim == REDUCE_COL ? TwReduceDim::Column
                             : TwReduceDim::Scalar;
}

/// Formats and start-up of the three threads; `a` and `b` are SrcA and SrcB.
FORCE_INLINE void configure(uint32_t a, uint32_t b, uint32_t out, bool startUp,
                            TwLoc loc) {
  UNPACK(tw_api->unpackConfigure(a, b, startUp, loc));
  MATH(tw_api->mathConfigure(startUp, loc));
  PACK(tw_api->packConfigure(out, startUp, loc));
}
/// What unpack and math are set to: the operation that may follow.
FORCE_INLINE void setOp(TwOp op, TwBroadcast broadcast, TwLoc loc) {
  UNPACK(tw_api->setOp(op, broadcast, loc));
  MATH(tw_api->setOp(op, broadcast, loc));
}
/// An init that configures unpack and math for an operation.
FORCE_INLINE void opInit(TwOp op, TwBroadcast broadcast, TwLoc loc) {
  UNPACK(tw_api->shortInit(loc));
  MATH(tw_api->shortInit(loc));
  setOp(op, broadcast, loc);
}
/// The same where the older generation also sets the unpacker's formats.
FORCE_INLINE void formatInit(TwOp op, TwBroadcast broadcast, int32_t a,
                             int32_t b, TwLoc loc) {
  UNPACK(tw_api->unpackReconfigure(a, b, loc));
  MATH(tw_api->shortInit(loc));
  setOp(op, broadcast, loc);
}
/// What an accumulating product keeps of the last init (`acc_to_dest`).
inline bool accumulate = false;

} // namespace tilewright_device

//===----------------------------------------------------------------------===//
// Start-up and reconfiguration
//===----------------------------------------------------------------------===//

template <SrcOrder Order = SrcOrder::Regular>
FORCE_INLINE void compute_kernel_hw_startup(uint32_t in0, uint32_t in1,
                                            uint32_t out, TW_LOC) {
  if constexpr (Order == SrcOrder::Reverse)
    tilewright_device::configure(in1, in0, out, true, loc);
  else
    tilewright_device::configure(in0, in1, out, true, loc);
}
FORCE_INLINE void compute_kernel_hw_startup(uint32_t in, uint32_t out, TW_LOC) {
  tilewright_device::configure(in, in, out, true, loc);
}
FORCE_INLINE void binary_op_init_common(uint32_t in0, uint32_t in1,
                                        uint32_t out, TW_LOC) {
  tilewright_device::configure(in0, in1, out, true, loc);
}
FORCE_INLINE void unary_op_init_common(uint32_t in, uint32_t out, TW_LOC) {
  tilewright_device::configure(in, in, out, true, loc);
  tilewright_device::setOp(TwOp::Copy, TwBroadcast::None, loc);
}
FORCE_INLINE void init_sfpu(uint32_t in, uint32_t out, TW_LOC) {
  tilewright_device::configure(in, in, out, true, loc);
  tilewright_device::setOp(TwOp::Copy, TwBroadcast::None, loc);
}

/// Operands in SrcA, SrcB order; the SrcOrder forms take the natural order.
template <bool Int8 = false>
FORCE_INLINE void reconfig_data_format(uint32_t a, uint32_t b, TW_LOC) {
  UNPACK(tw_api->unpackReconfigure(a, b, loc));
  MATH(tw_api->shortInit(loc));
}
template <SrcOrder Order>
FORCE_INLINE void reconfig_data_format(uint32_t in0, uint32_t in1, TW_LOC) {
  if constexpr (Order == SrcOrder::Reverse)
    reconfig_data_format<false>(in1, in0, loc);
  else
    reconfig_data_format<false>(in0, in1, loc);
}
template <bool Int8 = false>
FORCE_INLINE void reconfig_data_format(uint32_t, uint32_t a, uint32_t,
                                       uint32_t b, TW_LOC) {
  reconfig_data_format<Int8>(a, b, loc);
}
template <bool Int8 = false>
FORCE_INLINE void reconfig_data_format_srca(uint32_t a, TW_LOC) {
  UNPACK(tw_api->unpackReconfigure(a, -1, loc));
  MATH(tw_api->shortInit(loc));
}
template <bool Int8 = false>
FORCE_INLINE void reconfig_data_format_srca(uint32_t, uint32_t a, TW_LOC) {
  reconfig_data_format_srca<Int8>(a, loc);
}
template <bool Int8 = false>
FORCE_INLINE void reconfig_data_format_srcb(uint32_t b, TW_LOC) {
  UNPACK(tw_api->unpackReconfigure(-1, b, loc));
  MATH(tw_api->shortInit(loc));
}
template <bool Int8 = false>
FORCE_INLINE void reconfig_data_format_srcb(uint32_t, uint32_t b, TW_LOC) {
  reconfig_data_format_srcb<Int8>(b, loc);
}
template <bool Fp32Acc = DST_ACCUM_MODE>
FORCE_INLINE void pack_reconfig_data_format(uint32_t out, TW_LOC) {
  PACK(tw_api->packReconfigure(out, loc));
}
template <bool Fp32Acc = DST_ACCUM_MODE>
FORCE_INLINE void pack_reconfig_data_format(uint32_t, uint32_t out, TW_LOC) {
  PACK(tw_api->packReconfigure(out, loc));
}
FORCE_INLINE void pack_reconfig_l1_acc(uint32_t on, TW_LOC) {
  PACK(tw_api->packAccumulate(on != 0, loc));
}
FORCE_INLINE void pack_init(uint32_t out, TW_LOC) {
  PACK(tw_api->packReconfigure(out, loc));
}
FORCE_INLINE void pack_relu_config(uint32_t config, TW_LOC) {
  PACK(tw_api->packRelu(config & 3, config >> 16, loc));
}

//===----------------------------------------------------------------------===//
// DST sections and packing
//===----------------------------------------------------------------------===//

FORCE_INLINE void tile_regs_acquire(TW_LOC) {
  UNPACK(tw_api->unpackSection());
  MATH(tw_api->dstAcquire(loc));
}
template <bool Fp32Acc = DST_ACCUM_MODE>
FORCE_INLINE void tile_regs_commit(TW_LOC) {
  MATH(tw_api->dstCommit(loc));
}
FORCE_INLINE void tile_regs_wait(TW_LOC) { PACK(tw_api->dstWait(loc)); }
template <bool Fp32Acc = DST_ACCUM_MODE>
FORCE_INLINE void tile_regs_release(TW_LOC) {
  PACK(tw_api->dstRelease(loc));
}
FORCE_INLINE void acquire_dst(TW_LOC) {
  UNPACK(tw_api->unpackSection());
  MATH(tw_api->dstAcquire(loc));
  PACK(tw_api->dstWait(loc));
}
FORCE_INLINE void release_dst(TW_LOC) {
  MATH(tw_api->dstCommit(loc));
  PACK(tw_api->dstRelease(loc));
}
/// The spelling of 2024 names the mode, which the build decides.
FORCE_INLINE void acquire_dst(tt::DstMode, TW_LOC) { acquire_dst(loc); }
FORCE_INLINE void release_dst(tt::DstMode, TW_LOC) { release_dst(loc); }

template <bool OutOfOrder = false>
FORCE_INLINE void pack_tile(uint32_t dst, uint32_t cb, uint32_t index = 0,
                            TW_LOC) {
  PACK(tw_api->packTile(dst, cb, OutOfOrder, index, loc));
}
FORCE_INLINE void pack_block(uint32_t dst, uint32_t cb, uint32_t tiles,
                             TW_LOC) {
  PACK(for (uint32_t i = 0; i < tiles; ++i)
           tw_api->packTile(dst + i, cb, false, 0, loc));
}
FORCE_INLINE void pack_tile_block(uint32_t dst, uint32_t cb, uint32_t tiles,
                                  TW_LOC) {
  pack_block(dst, cb, tiles, loc);
}
FORCE_INLINE void matmul_pack_tile(uint32_t dst, uint32_t cb, uint32_t tiles,
                                   TW_LOC) {
  pack_block(dst, cb, tiles, loc);
}

//===----------------------------------------------------------------------===//
// Matmul: in0 goes to SrcB, in1 to SrcA
//===----------------------------------------------------------------------===//

namespace tilewright_device {
/// What matmul_tiles keeps of the last init: whether in1 tiles are transposed.
inline bool transposeIn1 = false;
} // namespace tilewright_device

FORCE_INLINE void matmul_init(uint32_t in0, uint32_t in1,
                              uint32_t transpose = 0, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::opInit(TwOp::Matmul, TwBroadcast::None, loc);
}
FORCE_INLINE void matmul_block_init(uint32_t in0, uint32_t in1,
                                    uint32_t transpose = 0, uint32_t ct = 1,
                                    uint32_t rt = 1, uint32_t kt = 1, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::opInit(TwOp::Matmul, TwBroadcast::None, loc);
}
FORCE_INLINE void mm_init(uint32_t in0 = 0, uint32_t in1 = 1, uint32_t out = 16,
                          uint32_t transpose = 0, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::configure(in1, in0, out, true, loc);
  tilewright_device::setOp(TwOp::Matmul, TwBroadcast::None, loc);
}
FORCE_INLINE void mm_init_short(uint32_t in0 = 0, uint32_t in1 = 1,
                                uint32_t transpose = 0, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::opInit(TwOp::Matmul, TwBroadcast::None, loc);
}
FORCE_INLINE void mm_init_short_with_dt(uint32_t in0, uint32_t in1,
                                        uint32_t oldSrcA,
                                        uint32_t transpose = 0, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::formatInit(TwOp::Matmul, TwBroadcast::None, in1, -1, loc);
}
FORCE_INLINE void mm_block_init(uint32_t in0, uint32_t in1, uint32_t out,
                                uint32_t transpose = 0, uint32_t ct = 1,
                                uint32_t rt = 1, uint32_t kt = 1, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::configure(in1, in0, out, true, loc);
  tilewright_device::setOp(TwOp::Matmul, TwBroadcast::None, loc);
}
FORCE_INLINE void mm_block_init_short(uint32_t in0, uint32_t in1,
                                      uint32_t transpose = 0, uint32_t ct = 1,
                                      uint32_t rt = 1, uint32_t kt = 1,
                                      TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::opInit(TwOp::Matmul, TwBroadcast::None, loc);
}
FORCE_INLINE void mm_block_init_short_with_dt(uint32_t in0, uint32_t in1,
                                              uint32_t oldSrcA,
                                              uint32_t transpose = 0,
                                              uint32_t ct = 1, uint32_t rt = 1,
                                              uint32_t kt = 1, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::formatInit(TwOp::Matmul, TwBroadcast::None, in1, -1, loc);
}
FORCE_INLINE void
mm_block_init_short_with_both_dt(uint32_t in0, uint32_t in1, uint32_t oldIn0,
                                 uint32_t oldIn1, uint32_t transpose = 0,
                                 uint32_t ct = 1, uint32_t rt = 1,
                                 uint32_t kt = 1, TW_LOC) {
  tilewright_device::transposeIn1 = transpose != 0;
  tilewright_device::formatInit(TwOp::Matmul, TwBroadcast::None, in1, in0, loc);
}
namespace tilewright_device {
FORCE_INLINE void matmulStep(uint32_t in0, uint32_t in1, uint32_t tile0,
                             uint32_t tile1, uint32_t dst, bool transpose,
                             uint32_t ct, uint32_t rt, uint32_t kt, TwLoc loc) {
  UNPACK(
      tw_api->unpackMatmul(in0, in1, tile0, tile1, transpose, ct, rt, kt, loc));
  MATH(tw_api->mathMatmul(dst, ct, rt, loc));
}
} // namespace tilewright_device
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

//===----------------------------------------------------------------------===//
// Element-wise on two circular buffers
//===----------------------------------------------------------------------===//

namespace tilewright_device {
FORCE_INLINE void binaryInit(TwOp op, TwBroadcast broadcast,
                             bool accumulateToDst, TwLoc loc) {
  accumulate = accumulateToDst;
  opInit(op, broadcast, loc);
}
FORCE_INLINE void binaryTiles(TwOp op, TwBroadcast broadcast, uint32_t in0,
                              uint32_t in1, uint32_t tile0, uint32_t tile1,
                              uint32_t dst, TwLoc loc) {
  UNPACK(tw_api->unpackBinary(op, broadcast, in0, in1, tile0, tile1, loc));
  MATH(tw_api->mathBinary(op, broadcast, dst, accumulate, loc));
}
} // namespace tilewright_device

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
                                   tile1, dst, loc);                           \
  }                                                                            \
  FORCE_INLINE void name##_block(uint32_t in0, uint32_t in1, uint32_t tile0,   \
                                 uint32_t tile1, uint32_t dst, uint32_t tiles, \
                                 TW_LOC) {                                     \
    for (uint32_t i = 0; i < tiles; ++i)                                       \
      name##_tiles(in0, in1, tile0 + i, tile1 + i, dst + i, loc);              \
  }                                                                            \
  template <BroadcastType Dim>                                                 \
  FORCE_INLINE void name##_tiles_bcast(uint32_t in0, uint32_t in1,             \
                                       uint32_t tile0, uint32_t tile1,         \
                                       uint32_t dst, TW_LOC) {                 \
    tilewright_device::binaryTiles(op, tilewright_device::broadcast(Dim), in0, \
                                   in1, tile0, tile1, dst, loc);               \
  }                                                                            \
  template <bool Fp32Acc = DST_ACCUM_MODE>                                     \
  FORCE_INLINE void name##_tiles_bcast_rows(uint32_t in0, uint32_t in1,        \
                                            uint32_t tile0, uint32_t tile1,    \
                                            uint32_t dst, TW_LOC) {            \
    name##_tiles_bcast<BroadcastType::ROW>(in0, in1, tile0, tile1, dst, loc);  \
  }                                                                            \
  template <bool Fp32Acc = DST_ACCUM_MODE>                                     \
  FORCE_INLINE void name##_tiles_bcast_cols(uint32_t in0, uint32_t in1,        \
                                            uint32_t tile0, uint32_t tile1,    \
                                            uint32_t dst, TW_LOC) {            \
    name##_tiles_bcast<BroadcastType::COL>(in0, in1, tile0, tile1, dst, loc);  \
  }                                                                            \
  template <bool Fp32Acc = DST_ACCUM_MODE>                                     \
  FORCE_INLINE void name##_tiles_bcast_scalar(uint32_t in0, uint32_t in1,      \
                                              uint32_t tile0, uint32_t tile1,  \
                                              uint32_t dst, TW_LOC) {          \
    name##_tiles_bcast<BroadcastType::SCALAR>(in0, in1, tile0, tile1, dst,     \
                                              loc);                            \
  }                                                                            \
  TW_BROADCAST_INITS(name, op, rows, Row)                                      \
  TW_BROADCAST_INITS(name, op, cols, Column)                                   \
  TW_BROADCAST_INITS(name, op, scalar, Scalar)
#define TW_BROADCAST_INITS(name, op, dim, broadcast)                           \
  FORCE_INLINE void name##_bcast_##dim##_init(uint32_t in0, uint32_t in1,      \
                                              TW_LOC) {                        \
    tilewright_device::binaryInit(op, TwBroadcast::broadcast, false, loc);     \
  }                                                                            \
  FORCE_INLINE void name##_bcast_##dim##_init_short(uint32_t in0,              \
                                                    uint32_t in1, TW_LOC) {    \
    tilewright_device::binaryInit(op, TwBroadcast::broadcast, false, loc);     \
  }                                                                            \
  FORCE_INLINE void name##_tiles_bcast_##dim##_init_short(                     \
      uint32_t in0, uint32_t in1, TW_LOC) {                                    \
    tilewright_device::binaryInit(op, TwBroadcast::broadcast, false, loc);     \
  }
TW_ELTWISE(add, TwOp::Add, false)
TW_ELTWISE(sub, TwOp::Sub, false)
TW_ELTWISE(mul, TwOp::Mul, true)
#undef TW_BROADCAST_INITS
#undef TW_ELTWISE

template <bool FullInit = false, EltwiseBinaryType Op = ELWADD>
FORCE_INLINE void binary_tiles_init(uint32_t in0, uint32_t in1,
                                    bool acc_to_dest = false, TW_LOC) {
  tilewright_device::binaryInit(tilewright_device::eltwise(Op),
                                TwBroadcast::None, acc_to_dest, loc);
}
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
                                  uint32_t tile1, uint32_t dst, TW_LOC) {
  tilewright_device::binaryTiles(tilewright_device::eltwise(Op),
                                 tilewright_device::broadcast(Dim), in0, in1,
                                 tile0, tile1, dst, loc);
}

//===----------------------------------------------------------------------===//
// Element-wise on DST and a circular buffer
//===----------------------------------------------------------------------===//

template <EltwiseBinaryType Op, EltwiseBinaryReuseDestType Reuse>
FORCE_INLINE void binary_dest_reuse_tiles_init(uint32_t cb, TW_LOC) {
  tilewright_device::opInit(tilewright_device::reuse(Op), TwBroadcast::None,
                            loc);
}
template <EltwiseBinaryType Op, EltwiseBinaryReuseDestType Reuse>
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

//===----------------------------------------------------------------------===//
// Copy, broadcast and transpose of one circular buffer
//===----------------------------------------------------------------------===//

FORCE_INLINE void copy_init(uint32_t cb, uint32_t transpose = 0,
                            bool transpose16 = false, TW_LOC) {
  tilewright_device::opInit(TwOp::Copy, TwBroadcast::None, loc);
}
FORCE_INLINE void copy_tile_init(uint32_t cb, TW_LOC) {
  tilewright_device::opInit(TwOp::Copy, TwBroadcast::None, loc);
}
FORCE_INLINE void copy_tile_to_dst_init_short(uint32_t cb = 0,
                                              uint32_t transpose = 0,
                                              uint32_t transpose16 = 0,
                                              TW_LOC) {
  tilewright_device::opInit(TwOp::Copy, TwBroadcast::None, loc);
}
FORCE_INLINE void copy_tile_to_dst_init_short_with_dt(uint32_t oldCb,
                                                      uint32_t cb,
                                                      uint32_t transpose = 0,
                                                      TW_LOC) {
  tilewright_device::formatInit(TwOp::Copy, TwBroadcast::None, cb, -1, loc);
}
FORCE_INLINE void copy_tile(uint32_t cb, uint32_t tile, uint32_t dst, TW_LOC) {
  UNPACK(
      tw_api->unpackUnary(TwOp::Copy, TwBroadcast::None, cb, tile, false, loc));
  MATH(tw_api->mathUnary(TwOp::Copy, TwBroadcast::None, dst, loc));
}
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

FORCE_INLINE void transpose_init(uint32_t cb, TW_LOC) {
  tilewright_device::opInit(TwOp::Transpose, TwBroadcast::None, loc);
}
FORCE_INLINE void transpose_wh_init(uint32_t in, uint32_t out, TW_LOC) {
  tilewright_device::configure(in, in, out, true, loc);
  tilewright_device::setOp(TwOp::Transpose, TwBroadcast::None, loc);
}
FORCE_INLINE void transpose_wh_init_short(uint32_t cb, TW_LOC) {
  tilewright_device::opInit(TwOp::Transpose, TwBroadcast::None, loc);
}
FORCE_INLINE void transpose_tile(uint32_t cb, uint32_t tile, uint32_t dst,
                                 TW_LOC) {
  UNPACK(tw_api->unpackUnary(TwOp::Transpose, TwBroadcast::None, cb, tile, true,
                             loc));
  MATH(tw_api->mathUnary(TwOp::Transpose, TwBroadcast::None, dst, loc));
}
FORCE_INLINE void transpose_wh_tile(uint32_t cb, uint32_t tile, uint32_t dst,
                                    TW_LOC) {
  transpose_tile(cb, tile, dst, loc);
}
FORCE_INLINE void transpose_block(uint32_t cb, uint32_t tile, uint32_t dst,
                                  uint32_t tiles, TW_LOC) {
  for (uint32_t i = 0; i < tiles; ++i)
    transpose_tile(cb, tile + i, dst + i, loc);
}
FORCE_INLINE void transpose_dest_init(TW_LOC) {
  MATH(tw_api->shortInit(loc));
  MATH(tw_api->setOp(TwOp::TransposeDst, TwBroadcast::None, loc));
}
FORCE_INLINE void transpose_dest(uint32_t dst, TW_LOC) {
  MATH(tw_api->mathTransposeDst(dst, loc));
}

//===----------------------------------------------------------------------===//
// Reduce
//===----------------------------------------------------------------------===//

#ifdef REDUCE_OP
#define TW_REDUCE_OP REDUCE_OP
#define TW_REDUCE_DIM REDUCE_DIM
#else
#define TW_REDUCE_OP PoolType::SUM
#define TW_REDUCE_DIM ReduceDim::REDUCE_SCALAR
#endif
template <PoolType Pool = TW_REDUCE_OP, ReduceDim Dim = TW_REDUCE_DIM,
          bool EnforceFp32 = DST_ACCUM_MODE>
FORCE_INLINE void reduce_init(uint32_t cb, uint32_t scaler, uint32_t out,
                              TW_LOC) {
  static_assert(Pool != MIN, "the pooling unit has no minimum: negate, or use "
                             "sfpu_reduce");
  tilewright_device::opInit(TwOp::Reduce, TwBroadcast::None, loc);
  PACK(tw_api->packReduceMask(
      static_cast<int32_t>(tilewright_device::dimension(Dim)), loc));
}
template <bool Fp32Acc = DST_ACCUM_MODE>
FORCE_INLINE void reduce_uninit(uint32_t = 0, TW_LOC) {
  PACK(tw_api->packReduceMask(-1, loc));
}
template <PoolType Pool = TW_REDUCE_OP, ReduceDim Dim = TW_REDUCE_DIM,
          bool EnforceFp32 = DST_ACCUM_MODE>
FORCE_INLINE void reduce_tile(uint32_t cb, uint32_t scaler, uint32_t tile,
                              uint32_t scalerTile, uint32_t dst, TW_LOC) {
  UNPACK(tw_api->unpackBinary(TwOp::Reduce, TwBroadcast::None, cb, scaler, tile,
                              scalerTile, loc));
  MATH(tw_api->mathReduce(tilewright_device::pool(Pool),
                          tilewright_device::dimension(Dim), EnforceFp32, dst,
                          loc));
}

#pragma clang diagnostic pop
