//===- div_int32_sfpu.h - quotients of integers as fp32 ---------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(div_int32_tile_init, DivInt)
TW_SFPU_BINARY(div_int32_tile, DivInt)

} // namespace ckernel

#pragma clang diagnostic pop
