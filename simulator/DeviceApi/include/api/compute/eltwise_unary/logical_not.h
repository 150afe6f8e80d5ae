//===- logical_not.h - logical not of DST tiles -----------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(logical_not_tile_init, LogicalNot)
template <DataFormat Format>
FORCE_INLINE void logical_not_tile(uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuUnary(tilewright::isInteger(Format) ? TwUnary::EqZeroInt
                                                       : TwUnary::LogicalNot,
                         dst, 0, 0, VectorMode::RC, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
