//===- sqrt.h - square root of DST tiles ------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(sqrt, Sqrt)

} // namespace ckernel

#pragma clang diagnostic pop
