//===- max.h - max of DST tiles and a scalar --------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(unary_max_tile_init, MaxScalar)
TW_SFPU_CALL1(unary_max_tile, MaxScalar)
TW_SFPU_INIT(unary_max_int32_tile_init, MaxInt)
TW_SFPU_CALL1(unary_max_int32_tile, MaxInt)
TW_SFPU_INIT(unary_max_uint32_tile_init, MaxUint)
TW_SFPU_CALL1(unary_max_uint32_tile, MaxUint)

} // namespace ckernel

#pragma clang diagnostic pop
