//===- erfinv.h - inverse error function of DST tiles -----------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(erfinv, Erfinv)

} // namespace ckernel

#pragma clang diagnostic pop
