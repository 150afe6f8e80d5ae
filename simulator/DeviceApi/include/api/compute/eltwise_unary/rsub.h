//===- rsub.h - a scalar less DST tiles -------------------------*- C++ -*-===//
#pragma once

#include "api/compute/eltwise_unary/binop_with_scalar.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(rsub_tile_init, RsubScalar)
TW_SFPU_CALL1(rsub_tile, RsubScalar)
TW_SFPU_INIT(rsub_unary_int32_tile_init, RsubInt)
TW_SFPU_CALL1(rsub_unary_int32_tile, RsubInt)

} // namespace ckernel

#pragma clang diagnostic pop
