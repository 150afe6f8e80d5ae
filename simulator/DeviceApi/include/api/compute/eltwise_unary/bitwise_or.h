//===- bitwise_or.h - bitwise or of integers in DST tiles -------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(bitwise_or_tile_init, BitOr)
TW_SFPU_CALL1(bitwise_or_tile, BitOr)

} // namespace ckernel

#pragma clang diagnostic pop
