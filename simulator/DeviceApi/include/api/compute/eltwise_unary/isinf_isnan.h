//===- isinf_isnan.h - kinds of values in DST tiles -------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(isinf, IsInf)
TW_SFPU(isposinf, IsPosInf)
TW_SFPU(isneginf, IsNegInf)
TW_SFPU(isnan, IsNan)
TW_SFPU(isfinite, IsFinite)

} // namespace ckernel

#pragma clang diagnostic pop
