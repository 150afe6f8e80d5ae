//===- add_int_sfpu.h - sums of integers in DST tiles -----------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(add_int_tile_init, AddInt)
TW_SFPU_BINARY_INT(add_int_tile, AddInt)
// Names of the generation before.
TW_SFPU_BINARY(add_int32_tile, AddInt)
TW_SFPU_BINARY_INIT(add_int32_tile_init, AddInt)
TW_SFPU_BINARY_OF(add_uint32_tile, add_int_tile, UInt32)
TW_SFPU_BINARY_OF(add_uint16_tile, add_int_tile, UInt16)

} // namespace ckernel

#pragma clang diagnostic pop
