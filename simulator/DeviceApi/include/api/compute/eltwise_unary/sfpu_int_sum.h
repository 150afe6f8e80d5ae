//===- sfpu_int_sum.h - sums of integers in a DST tile ----------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(sfpu_sum_int_init, ReduceDst)
FORCE_INLINE void sfpu_sum_int_col(uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuReduce(static_cast<uint32_t>(PoolType::SUM),
                          static_cast<uint32_t>(DataFormat::Int32), false, dst,
                          1, 1, loc));
}
FORCE_INLINE void sfpu_sum_int_row(uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuReduce(static_cast<uint32_t>(PoolType::SUM),
                          static_cast<uint32_t>(DataFormat::Int32), true, dst,
                          1, 1, loc));
}
TW_UNAVAILABLE("sfpu_add_int: use add_int_tile")
inline void sfpu_add_int(uint32_t, uint32_t = 2, int32_t = 8) {}

} // namespace ckernel

#pragma clang diagnostic pop
