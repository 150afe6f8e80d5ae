//===- signbit.h - signbit of DST tiles -------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(signbit, Signbit)
TW_SFPU_CALL0(signbit_tile_int32, SignbitInt)

} // namespace ckernel

#pragma clang diagnostic pop
