//===- reduce_custom.h - the largest of each row of a block -----*- C++ -*-===//
#pragma once

#include "api/compute/reduce.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

template <uint32_t BlockCt, bool RespectTrigger = false>
FORCE_INLINE void reduce_block_max_row_init(TW_LOC) {
  tilewright_device::opInit(TwOp::Reduce, TwBroadcast::None, loc,
                            TwVariant::reduce(TwPool::Max, TwReduceDim::Row));
  PACK(tw_api->packReduceMask(static_cast<int32_t>(TwReduceDim::Row), loc));
}
/// Column 0 of DST[dst] gets the largest of each row of the BlockCt tiles from
/// `rowStart` on.
template <uint32_t BlockCt, bool RespectTrigger = false>
FORCE_INLINE void reduce_block_max_row(uint32_t cb, uint32_t scaler,
                                       uint32_t rowStart, uint32_t dst,
                                       TW_LOC) {
  for (uint32_t i = 0; i < BlockCt; ++i)
    reduce_tile<PoolType::MAX, ReduceDim::REDUCE_ROW>(cb, scaler, rowStart + i,
                                                      0, dst, loc);
}
template <bool ClearFp32 = false, bool RespectTrigger = false>
FORCE_INLINE void reduce_block_max_row_uninit(uint32_t cb = 0, TW_LOC) {
  PACK(tw_api->packReduceMask(-1, loc));
}

TW_NOT_SIMULATED(reduce_block_max_row_reinit_short,
                 "use reduce_block_max_row_init")
TW_NOT_SIMULATED(reduce_block_max_row_reinit_minimal,
                 "use reduce_block_max_row_init")
TW_NOT_SIMULATED(reduce_block_max_row_init_runtime,
                 "use reduce_block_max_row_init")
TW_NOT_SIMULATED(reduce_block_max_row_reinit_short_runtime,
                 "use reduce_block_max_row_init")
TW_NOT_SIMULATED(reduce_block_max_row_reinit_minimal_runtime,
                 "use reduce_block_max_row_init")
TW_NOT_SIMULATED(reduce_block_max_row_runtime, "use reduce_block_max_row")
TW_NOT_SIMULATED(reduce_block_max_row_uninit_runtime,
                 "use reduce_block_max_row_uninit")

} // namespace ckernel

#pragma clang diagnostic pop
