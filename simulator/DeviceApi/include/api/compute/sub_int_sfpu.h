//===- sub_int_sfpu.h - differences of integers in DST tiles ----*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(sub_int_tile_init, SubInt)
TW_SFPU_BINARY_INT(sub_int_tile, SubInt)
TW_SFPU_BINARY_INIT(rsub_int_tile_init, RsubInt)
TW_SFPU_BINARY_INT(rsub_int_tile, RsubInt)
// Names of the generation before.
TW_SFPU_BINARY(sub_int32_tile, SubInt)
TW_SFPU_BINARY_INIT(sub_int32_tile_init, SubInt)
TW_SFPU_BINARY_OF(sub_uint32_tile, sub_int_tile, UInt32)
TW_SFPU_BINARY_OF(sub_uint16_tile, sub_int_tile, UInt16)
TW_SFPU_BINARY_INIT(sub_uint16_tile_init, SubInt)
TW_SFPU_BINARY_OF(rsub_int32_tile, rsub_int_tile, Int32)
TW_SFPU_BINARY_INIT(rsub_int32_tile_init, RsubInt)

} // namespace ckernel

#pragma clang diagnostic pop
