//===- binop_with_scalar.h - DST tiles and a scalar -------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(binop_with_scalar_tile_init, AddScalar)
TW_SFPU_CALL1(add_unary_tile, AddScalar)
TW_SFPU_CALL1(sub_unary_tile, SubScalar)
TW_SFPU_CALL1(mul_unary_tile, MulScalar)
/// As on silicon, whoever calls it passes the reciprocal of the divisor.
TW_SFPU_CALL1(div_unary_tile, DivScalar)
TW_SFPU_CALL1(rsub_unary_tile, RsubScalar)
TW_SFPU_CALL1(add_unary_tile_int32, AddInt)
TW_SFPU_CALL1(sub_unary_tile_int32, SubInt)

} // namespace ckernel

#pragma clang diagnostic pop
