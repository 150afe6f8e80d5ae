//===- reduce.h - pools of the rows, the columns or all of a tile -*- C++
//-*-===//
#pragma once

#include "api/compute/common.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

#ifdef REDUCE_OP
#define TW_REDUCE_OP REDUCE_OP
#define TW_REDUCE_DIM REDUCE_DIM
#else
#define TW_REDUCE_OP PoolType::SUM
#define TW_REDUCE_DIM ReduceDim::REDUCE_SCALAR
#endif
/// Sums and averages take the sixteen scalers of row 0 of the scaler tile's
/// first face. Row sums and whole sums in fp32 pass through Src, which keeps 19
/// bits of them; row sums keep all with `EnforceFp32`, which needs an fp32 DST.
template <PoolType Pool = TW_REDUCE_OP, ReduceDim Dim = TW_REDUCE_DIM,
          bool EnforceFp32 = false>
FORCE_INLINE void reduce_init(uint32_t cb, uint32_t scaler, uint32_t out,
                              TW_LOC) {
  static_assert(Pool != MIN, "the pooling unit has no minimum: negate, or use "
                             "sfpu_reduce");
  static_assert(!EnforceFp32 || DST_ACCUM_MODE,
                "enforce_fp32_accumulation needs fp32_dest_acc_en");
  tilewright_device::startAsOf2025(cb, scaler, out, TW_OF_2025, loc);
  tilewright_device::opInit(
      TwOp::Reduce, TwBroadcast::None, loc,
      TwVariant::reduce(tilewright_device::pool(Pool),
                        tilewright_device::dimension(Dim)));
  PACK(tw_api->packReduceMask(
      static_cast<int32_t>(tilewright_device::dimension(Dim)), loc));
}
template <bool EnforceFp32 = false>
FORCE_INLINE void reduce_uninit(uint32_t = 0, TW_LOC) {
  PACK(tw_api->packReduceMask(-1, loc));
}
template <PoolType Pool = TW_REDUCE_OP, ReduceDim Dim = TW_REDUCE_DIM,
          bool EnforceFp32 = false>
FORCE_INLINE void reduce_tile(uint32_t cb, uint32_t scaler, uint32_t tile,
                              uint32_t scalerTile, uint32_t dst, TW_LOC) {
  static_assert(!EnforceFp32 || DST_ACCUM_MODE,
                "enforce_fp32_accumulation needs fp32_dest_acc_en");
  UNPACK(tw_api->unpackBinary(TwOp::Reduce, TwBroadcast::None, cb, scaler, tile,
                              scalerTile, 0, loc));
  MATH(tw_api->mathReduce(tilewright_device::pool(Pool),
                          tilewright_device::dimension(Dim), EnforceFp32, dst,
                          loc));
}

/// The spellings of early 2025; with `AtStart` all formats are set, too.
template <bool AtStart = false, PoolType Pool = TW_REDUCE_OP,
          ReduceDim Dim = TW_REDUCE_DIM>
FORCE_INLINE void reduce_init_delta(uint32_t cb, uint32_t scaler, uint32_t out,
                                    TW_LOC) {
  if constexpr (AtStart)
    tilewright_device::configure(cb, scaler, out, true, loc);
  reduce_init<Pool, Dim>(cb, scaler, out, loc);
}
template <bool AtStart, PoolType Pool = TW_REDUCE_OP,
          ReduceDim Dim = TW_REDUCE_DIM>
FORCE_INLINE void reduce_init(uint32_t cb, uint32_t scaler, uint32_t out,
                              TW_LOC) {
  reduce_init_delta<true, Pool, Dim>(cb, scaler, out, loc);
}
template <PoolType Pool = TW_REDUCE_OP, ReduceDim Dim = TW_REDUCE_DIM>
FORCE_INLINE void reduce_init_short(uint32_t cb, uint32_t scaler, uint32_t out,
                                    TW_LOC) {
  reduce_init<Pool, Dim>(cb, scaler, out, loc);
}
template <PoolType Pool = TW_REDUCE_OP, ReduceDim Dim = TW_REDUCE_DIM>
FORCE_INLINE void reduce_init_delta_no_pack(uint32_t cb, uint32_t scaler,
                                            TW_LOC) {
  tilewright_device::opInit(
      TwOp::Reduce, TwBroadcast::None, loc,
      TwVariant::reduce(tilewright_device::pool(Pool),
                        tilewright_device::dimension(Dim)));
}
template <ReduceDim Dim = TW_REDUCE_DIM>
FORCE_INLINE void reduce_revert_delta(uint32_t = 0, TW_LOC) {
  reduce_uninit(0, loc);
}
template <PoolType Pool = TW_REDUCE_OP, ReduceDim Dim = TW_REDUCE_DIM>
TW_UNAVAILABLE("the init of a reduction on one thread: use reduce_init")
inline void reduce_init_delta_math() {}

/// The same on every tile of a block: DST[dst + i] of in[tile + i].
template <PoolType Pool = TW_REDUCE_OP, ReduceDim Dim = TW_REDUCE_DIM,
          bool EnforceFp32 = false>
FORCE_INLINE void reduce_block(uint32_t cb, uint32_t scaler, uint32_t tile,
                               uint32_t scalerTile, uint32_t dst,
                               uint32_t tiles, TW_LOC) {
  for (uint32_t i = 0; i < tiles; ++i)
    reduce_tile<Pool, Dim, EnforceFp32>(cb, scaler, tile + i, scalerTile,
                                        dst + i, loc);
}
template <PoolType Pool = PoolType::SUM, ReduceDim Dim = TW_REDUCE_DIM,
          bool EnforceFp32 = false>
TW_UNAVAILABLE("reductions of operands that are in Src already")
inline void reduce_tile_math(uint32_t, uint32_t = 4) {}

} // namespace ckernel

#pragma clang diagnostic pop
