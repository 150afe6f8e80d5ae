//===- compute_kernel_api.h - operations of the vector unit -----*- C++ -*-===//
#pragma once

#include "api/compute/binary_max_min.h"
#include "api/compute/eltwise_unary/abs.h"
#include "api/compute/eltwise_unary/exp2.h"
#include "api/compute/eltwise_unary/expm1.h"
#include "api/compute/eltwise_unary/log.h"
#include "api/compute/eltwise_unary/max.h"
#include "api/compute/eltwise_unary/min.h"
#include "api/compute/eltwise_unary/power.h"
#include "api/compute/eltwise_unary/sigmoid.h"
#include "api/compute/eltwise_unary/sign.h"
#include "api/compute/eltwise_unary/signbit.h"
#include "api/compute/eltwise_unary/silu.h"
#include "api/compute/eltwise_unary/square.h"
#include "api/compute/eltwise_unary/tanh.h"
#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(heaviside_tile_init, Heaviside)
TW_SFPU_CALL1(heaviside_tile, Heaviside)
TW_SFPU(alt_complex_rotate90, Rotate90)

/// Sum, average, largest or smallest of the columns (into row 0) or the rows
/// (into column 0) of rt x ct DST tiles: a column of tiles is reduced into its
/// first tile, a row of tiles likewise.
template <PoolType Pool, DataFormat Format>
FORCE_INLINE void sfpu_reduce_init(TW_LOC) {
  MATH(tw_api->sfpuInit(TwUnary::ReduceDst, loc));
}
template <DataFormat Format> FORCE_INLINE void sfpu_reduce_init(TW_LOC) {
  sfpu_reduce_init<PoolType::SUM, Format>(loc);
}
template <PoolType Pool, DataFormat Format,
          ReduceDim Dim = ReduceDim::REDUCE_COL>
FORCE_INLINE void sfpu_reduce(uint32_t dst, uint32_t ct = 1, uint32_t rt = 1,
                              TW_LOC) {
  static_assert(Dim != REDUCE_SCALAR, "not simulated: sfpu_reduce to a scalar");
  MATH(tw_api->sfpuReduce(static_cast<uint32_t>(Pool),
                          static_cast<uint32_t>(Format), Dim == REDUCE_ROW, dst,
                          ct, rt, loc));
}
TW_SFPU_BINARY_INIT(sfpu_add_top_row_init, AddTopRow)
template <DataFormat Format>
FORCE_INLINE void sfpu_add_top_row(uint32_t a, uint32_t b, uint32_t dst,
                                   TW_LOC) {
  MATH(tw_api->sfpuBinary(tilewright::isInteger(Format) ? TwBinary::AddTopRowInt
                                                        : TwBinary::AddTopRow,
                          a, b, 0, dst, 0, VectorMode::RC, loc));
}

TW_UNAVAILABLE("the product of a tile's elements")
inline void tiled_prod_tile_init() {}
TW_UNAVAILABLE("the product of a tile's elements")
inline void tiled_prod_tile(uint32_t) {}
TW_UNAVAILABLE("sorting in DST")
inline void topk_tile_init() {}
template <bool Stable = false>
TW_UNAVAILABLE("sorting in DST")
inline void topk_local_sort(uint32_t, int, int, int = 0, int = 0, int = 0) {}
template <bool Up = false, bool Stable = false>
TW_UNAVAILABLE("sorting in DST")
inline void topk_merge(uint32_t, int, int) {}
template <bool Stable = false>
TW_UNAVAILABLE("sorting in DST")
inline void topk_rebuild(uint32_t, bool, int, int, int, int) {}
template <DataLayout Layout = DataLayout::TILE>
TW_UNAVAILABLE("reductions with indices")
inline void max_reduce_with_indices_init() {}
template <int Rows = 9, DataLayout Layout = DataLayout::TILE,
          bool Accumulate = false, int Iterations = 8>
TW_UNAVAILABLE("reductions with indices")
inline void max_reduce_with_indices(uint32_t, uint32_t, uint32_t = 0) {}
TW_UNAVAILABLE("the debug state of the compute threads")
inline void dbg_halt() {}
TW_UNAVAILABLE("the debug state of the compute threads")
inline void dbg_unhalt() {}
TW_UNAVAILABLE("the debug state of the compute threads")
inline void dbg_read_dest_acc_row(int, uint32_t *) {}
TW_UNAVAILABLE("the flags of special values")
inline uint32_t get_compute_special_value_flags() { return 0; }
TW_NOT_SIMULATED(get_compute_special_value_flags_fpu,
                 "the flags of special values")
TW_NOT_SIMULATED(get_compute_special_value_flags_sfpu,
                 "the flags of special values")
TW_NOT_SIMULATED(store_compute_special_value_flags_to_l1,
                 "the flags of special values")
TW_UNAVAILABLE("the flags of special values")
inline void clear_compute_special_value_flags() {}

} // namespace ckernel

#pragma clang diagnostic pop
