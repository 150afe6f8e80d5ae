//===- binary_remainder.h - remainder, divisor's sign -------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(remainder_binary_tile_init, Remainder)
TW_SFPU_BINARY(remainder_binary_tile, Remainder)
TW_SFPU_BINARY_INIT(remainder_int32_tile_init, RemainderInt)
TW_SFPU_BINARY(remainder_int32_tile, RemainderInt)

} // namespace ckernel

#pragma clang diagnostic pop
