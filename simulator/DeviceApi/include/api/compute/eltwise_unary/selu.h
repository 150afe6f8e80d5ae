//===- selu.h - SELU of DST tiles -------------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

/// Scale and alpha.
TW_SFPU_INIT(selu_tile_init, Selu)
TW_SFPU_CALL2(selu_tile, Selu)

} // namespace ckernel

#pragma clang diagnostic pop
