//===- negative.h - negation of DST tiles -----------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(negative, Negative)
TW_SFPU_CALL0(negative_tile_int32, NegativeInt)

} // namespace ckernel

#pragma clang diagnostic pop
