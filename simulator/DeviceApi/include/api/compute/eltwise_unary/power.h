//===- power.h - powers of DST tiles ----------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

/// x to the power of an fp32, given by its bits.
TW_SFPU_INIT(power_tile_init, PowScalar)
TW_SFPU_CALL1(power_tile, PowScalar)
/// x to a natural power.
TW_SFPU_INIT(power_iterative_tile_init, Power)
TW_SFPU_CALL1(power_iterative_tile, Power)

} // namespace ckernel

#pragma clang diagnostic pop
