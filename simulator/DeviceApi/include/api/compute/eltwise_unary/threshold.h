//===- threshold.h - values above a threshold -------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(threshold_tile_init, Threshold)
TW_SFPU_CALL2(threshold_tile, Threshold)

} // namespace ckernel

#pragma clang diagnostic pop
