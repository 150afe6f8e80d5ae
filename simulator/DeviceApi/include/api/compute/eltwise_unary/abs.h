//===- abs.h - abs of DST tiles ---------------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(abs, Abs)
TW_SFPU_CALL0(abs_tile_int32, AbsInt)

} // namespace ckernel

#pragma clang diagnostic pop
