//===- left_shift.h - left shift of integers in DST tiles -------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(left_shift_tile_init, LeftShift)
TW_SFPU_CALL1(left_shift_tile, LeftShift)

} // namespace ckernel

#pragma clang diagnostic pop
