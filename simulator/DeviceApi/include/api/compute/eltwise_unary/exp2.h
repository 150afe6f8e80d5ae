//===- exp2.h - exp2 of DST tiles -------------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(exp2, Exp2)

} // namespace ckernel

#pragma clang diagnostic pop
