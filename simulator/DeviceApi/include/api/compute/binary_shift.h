//===- binary_shift.h - integers shifted by another tile ----*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(binary_shift_tile_init, LeftShift)
TW_SFPU_BINARY_INT(binary_left_shift_tile, LeftShift)
/// Keeps the sign.
TW_SFPU_BINARY_INT(binary_right_shift_tile, RightShift)
TW_SFPU_BINARY_INT(binary_logical_right_shift_tile, LogicalRightShift)
TW_SFPU_BINARY_OF(binary_left_shift_int32_tile, binary_left_shift_tile, Int32)
TW_SFPU_BINARY_OF(binary_left_shift_uint32_tile, binary_left_shift_tile, UInt32)
TW_SFPU_BINARY_OF(binary_right_shift_int32_tile, binary_right_shift_tile, Int32)
TW_SFPU_BINARY_OF(binary_right_shift_uint32_tile, binary_right_shift_tile,
                  UInt32)
TW_SFPU_BINARY_OF(binary_logical_right_shift_int32_tile,
                  binary_logical_right_shift_tile, Int32)
TW_SFPU_BINARY_OF(binary_logical_right_shift_uint32_tile,
                  binary_logical_right_shift_tile, UInt32)

} // namespace ckernel

#pragma clang diagnostic pop
