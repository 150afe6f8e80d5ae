//===- lcm.h - least common multiples ---------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(lcm_tile_init, Lcm)
TW_SFPU_BINARY(lcm_tile, Lcm)

} // namespace ckernel

#pragma clang diagnostic pop
