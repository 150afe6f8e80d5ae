//===- binary_bitwise_sfpu.h - bits of two DST tiles ------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(binary_bitwise_tile_init, BitAnd)
TW_SFPU_BINARY_INT(bitwise_and_binary_tile, BitAnd)
TW_SFPU_BINARY_INT(bitwise_or_binary_tile, BitOr)
TW_SFPU_BINARY_INT(bitwise_xor_binary_tile, BitXor)
TW_SFPU_BINARY_OF(bitwise_and_uint32_binary_tile, bitwise_and_binary_tile,
                  UInt32)
TW_SFPU_BINARY_OF(bitwise_and_uint16_binary_tile, bitwise_and_binary_tile,
                  UInt16)
TW_SFPU_BINARY_OF(bitwise_or_uint32_binary_tile, bitwise_or_binary_tile, UInt32)
TW_SFPU_BINARY_OF(bitwise_or_uint16_binary_tile, bitwise_or_binary_tile, UInt16)
TW_SFPU_BINARY_OF(bitwise_xor_uint32_binary_tile, bitwise_xor_binary_tile,
                  UInt32)
TW_SFPU_BINARY_OF(bitwise_xor_uint16_binary_tile, bitwise_xor_binary_tile,
                  UInt16)
TW_SFPU_BINARY_OF(and_binary_tile, bitwise_and_binary_tile, Int32)
TW_SFPU_BINARY_OF(or_binary_tile, bitwise_or_binary_tile, Int32)
TW_SFPU_BINARY_OF(xor_binary_tile, bitwise_xor_binary_tile, Int32)

} // namespace ckernel

#pragma clang diagnostic pop
