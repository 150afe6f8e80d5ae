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

} // namespace ckernel

#pragma clang diagnostic pop
