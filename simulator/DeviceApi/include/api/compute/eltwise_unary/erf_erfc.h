//===- erf_erfc.h - error functions of DST tiles ----------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(erf, Erf)
TW_SFPU(erfc, Erfc)

} // namespace ckernel

#pragma clang diagnostic pop
