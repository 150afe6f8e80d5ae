//===- bitwise_xor.h - bitwise xor of integers in DST tiles -----*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(bitwise_xor_tile_init, BitXor)
TW_SFPU_CALL1(bitwise_xor_tile, BitXor)

} // namespace ckernel

#pragma clang diagnostic pop
