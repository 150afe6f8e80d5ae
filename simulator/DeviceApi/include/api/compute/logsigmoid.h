//===- logsigmoid.h - log(sigmoid(x)) of DST tiles --------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

/// Of x and exp(-x).
TW_SFPU_BINARY_INIT(logsigmoid_tile_init, Logsigmoid)
TW_SFPU_BINARY(logsigmoid_tile, Logsigmoid)

} // namespace ckernel

#pragma clang diagnostic pop
