//===- logical_not_noti.h - logical not, older names --------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(logical_not_unary_tile_init, LogicalNot)
TW_SFPU_CALL0(logical_not_unary_tile, LogicalNot)
TW_SFPU_CALL0(logical_not_unary_tile_int32, EqZeroInt)
TW_SFPU_CALL0(logical_not_unary_tile_uint32, EqZeroInt)
TW_SFPU_CALL0(logical_not_unary_tile_uint16, EqZeroInt)

} // namespace ckernel

#pragma clang diagnostic pop
