//===- div_int32_floor.h - quotients of integers ----------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(div_int32_floor_tile_init, DivFloorInt)
TW_SFPU_BINARY(div_int32_floor_tile, DivFloorInt)
TW_SFPU_BINARY_INIT(div_int32_trunc_tile_init, DivTruncInt)
TW_SFPU_BINARY(div_int32_trunc_tile, DivTruncInt)

} // namespace ckernel

#pragma clang diagnostic pop
