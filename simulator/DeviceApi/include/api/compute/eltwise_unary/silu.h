//===- silu.h - silu of DST tiles -------------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(silu, Silu)

} // namespace ckernel

#pragma clang diagnostic pop
