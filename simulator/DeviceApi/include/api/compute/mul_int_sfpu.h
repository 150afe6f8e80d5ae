//===- mul_int_sfpu.h - products of integers in DST tiles -------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

template <DataFormat Format = DataFormat::Int32>
FORCE_INLINE void mul_int_tile_init(TW_LOC) {
  MATH(tw_api->sfpuBinaryInit(TwBinary::MulInt, loc));
}
TW_SFPU_BINARY_INT(mul_int_tile, MulInt)
// Names of the generation before.
TW_SFPU_BINARY(mul_int32_tile, MulInt)
TW_SFPU_BINARY_INIT(mul_int32_tile_init, MulInt)
TW_SFPU_BINARY_OF(mul_uint32_tile, mul_int_tile, UInt32)
TW_SFPU_BINARY_OF(mul_uint16_tile, mul_int_tile, UInt16)
TW_SFPU_BINARY_INIT(mul_uint16_tile_init, MulInt)

} // namespace ckernel

#pragma clang diagnostic pop
