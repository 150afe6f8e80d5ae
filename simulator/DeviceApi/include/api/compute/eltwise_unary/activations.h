//===- activations.h - activation functions of DST tiles --------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(hardsigmoid, Hardsigmoid)
TW_SFPU(softsign, Softsign)
/// alpha and its reciprocal.
TW_SFPU_INIT(celu_tile_init, Celu)
TW_SFPU_CALL2(celu_tile, Celu)
TW_SFPU_INIT(softshrink_tile_init, Softshrink)
TW_SFPU_CALL1(softshrink_tile, Softshrink)

} // namespace ckernel

#pragma clang diagnostic pop
