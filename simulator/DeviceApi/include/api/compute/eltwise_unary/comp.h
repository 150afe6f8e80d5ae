//===- comp.h - comparisons of DST tiles ------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

/// With a scalar: 1 where it holds, otherwise 0; integers where the operand is.
TW_SFPU_INIT(unary_ne_tile_init, NeScalar)
TW_SFPU_CALL1(unary_ne_tile, NeScalar)
TW_SFPU_CALL1(unary_ne_tile_int32, NeInt)
TW_SFPU_INIT(unary_eq_tile_init, EqScalar)
TW_SFPU_CALL1(unary_eq_tile, EqScalar)
TW_SFPU_CALL1(unary_eq_tile_int32, EqInt)
TW_SFPU_INIT(unary_gt_tile_init, GtScalar)
TW_SFPU_CALL1(unary_gt_tile, GtScalar)
TW_SFPU_CALL1(unary_gt_tile_int32, GtInt)
TW_SFPU_INIT(unary_ge_tile_init, GeScalar)
TW_SFPU_CALL1(unary_ge_tile, GeScalar)
TW_SFPU_CALL1(unary_ge_tile_int32, GeInt)
TW_SFPU_INIT(unary_lt_tile_init, LtScalar)
TW_SFPU_CALL1(unary_lt_tile, LtScalar)
TW_SFPU_CALL1(unary_lt_tile_int32, LtInt)
TW_SFPU_INIT(unary_le_tile_init, LeScalar)
TW_SFPU_CALL1(unary_le_tile, LeScalar)
TW_SFPU_CALL1(unary_le_tile_int32, LeInt)

// With zero.
TW_SFPU(gtz, GtZero)
TW_SFPU_CALL0(gtz_tile_int32, GtZeroInt)
TW_SFPU(nez, NeZero)
TW_SFPU_CALL0(nez_tile_int32, NeZeroInt)
TW_SFPU(gez, GeZero)
TW_SFPU_CALL0(gez_tile_int32, GeZeroInt)
TW_SFPU(ltz, LtZero)
TW_SFPU_CALL0(ltz_tile_int32, LtZeroInt)
TW_SFPU(eqz, EqZero)
TW_SFPU_CALL0(eqz_tile_int32, EqZeroInt)
TW_SFPU(lez, LeZero)
TW_SFPU_CALL0(lez_tile_int32, LeZeroInt)
TW_SFPU_CALL0(eqz_tile_uint16, EqZeroInt)
TW_SFPU_CALL0(eqz_tile_uint32, EqZeroInt)
TW_SFPU_CALL0(nez_tile_uint16, NeZeroInt)
TW_SFPU_CALL0(nez_tile_uint32, NeZeroInt)

} // namespace ckernel

#pragma clang diagnostic pop
