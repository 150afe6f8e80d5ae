//===- i1.h - modified Bessel function of order 1 ---------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(i1, I1)

} // namespace ckernel

#pragma clang diagnostic pop
