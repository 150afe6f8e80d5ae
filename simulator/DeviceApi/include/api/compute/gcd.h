//===- gcd.h - greatest common divisors -------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(gcd_tile_init, Gcd)
TW_SFPU_BINARY(gcd_tile, Gcd)

} // namespace ckernel

#pragma clang diagnostic pop
