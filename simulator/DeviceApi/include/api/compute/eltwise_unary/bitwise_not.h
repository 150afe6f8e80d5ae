//===- bitwise_not.h - bitwise not of integers in DST tiles -----*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(bitwise_not_tile_init, BitNot)
TW_SFPU_CALL0(bitwise_not_tile, BitNot)

} // namespace ckernel

#pragma clang diagnostic pop
