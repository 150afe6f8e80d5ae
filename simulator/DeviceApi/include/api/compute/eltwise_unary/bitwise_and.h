//===- bitwise_and.h - bitwise and of integers in DST tiles -----*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(bitwise_and_tile_init, BitAnd)
TW_SFPU_CALL1(bitwise_and_tile, BitAnd)

} // namespace ckernel

#pragma clang diagnostic pop
