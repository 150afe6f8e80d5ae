//===- right_shift.h - right shift of integers in DST tiles -----*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(right_shift_tile_init, RightShift)
TW_SFPU_CALL1(right_shift_tile, RightShift)

} // namespace ckernel

#pragma clang diagnostic pop
