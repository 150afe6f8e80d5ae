//===- expm1.h - expm1 of DST tiles -----------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(expm1, Expm1)

} // namespace ckernel

#pragma clang diagnostic pop
