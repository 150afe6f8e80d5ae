//===- fill.h - DST tiles of one value --------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(fill_tile_init, Fill)
FORCE_INLINE void fill_tile(uint32_t dst, float value, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Fill, dst,
                         __builtin_bit_cast(uint32_t, value), 0, VectorMode::RC,
                         loc));
}
TW_SFPU_CALL1(fill_tile_bitcast, Fill)
template <DataFormat Format = DataFormat::Int32>
FORCE_INLINE void fill_tile_int(uint32_t dst, uint32_t value, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::FillInt, dst,
                         tilewright::datumBytes(Format) == 2 ? value & 0xffffu
                                                             : value,
                         0, VectorMode::RC, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
