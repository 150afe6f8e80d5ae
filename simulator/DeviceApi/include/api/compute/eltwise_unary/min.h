//===- min.h - min of DST tiles and a scalar --------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(unary_min_tile_init, MinScalar)
TW_SFPU_CALL1(unary_min_tile, MinScalar)
TW_SFPU_INIT(unary_min_int32_tile_init, MinInt)
TW_SFPU_CALL1(unary_min_int32_tile, MinInt)
TW_SFPU_INIT(unary_min_uint32_tile_init, MinUint)
TW_SFPU_CALL1(unary_min_uint32_tile, MinUint)

} // namespace ckernel

#pragma clang diagnostic pop
