//===- i0.h - modified Bessel function of order 0 ---------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(i0, I0)

} // namespace ckernel

#pragma clang diagnostic pop
