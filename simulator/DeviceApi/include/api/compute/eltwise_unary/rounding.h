//===- rounding.h - DST tiles rounded to whole numbers ----------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(rounding_op_tile_init, Floor)
TW_SFPU_CALL0(ceil_tile, Ceil)
TW_SFPU_CALL0(floor_tile, Floor)
TW_SFPU_CALL0(trunc_tile, Trunc)
TW_SFPU_CALL0(frac_tile, Frac)
// The spellings of 2025 for an fp32 DST.
TW_SFPU_CALL0(ceil_tile_float32, Ceil)
TW_SFPU_CALL0(floor_tile_float32, Floor)
TW_SFPU_CALL0(trunc_tile_float32, Trunc)
TW_SFPU_CALL0(frac_tile_float32, Frac)
TW_SFPU_INIT(round_tile_init, Round)
FORCE_INLINE void round_tile(uint32_t dst, int32_t decimals = 0, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Round, dst, static_cast<uint32_t>(decimals),
                         0, VectorMode::RC, loc));
}
// The generation before had an init for each.
TW_SFPU_INIT(ceil_tile_init, Ceil)
TW_SFPU_INIT(floor_tile_init, Floor)
TW_SFPU_INIT(trunc_tile_init, Trunc)
TW_SFPU_INIT(frac_tile_init, Frac)
TW_UNAVAILABLE("stochastic rounding")
inline void stochastic_round_tile(uint32_t) {}

} // namespace ckernel

#pragma clang diagnostic pop
