//===- log1p.h - log(1 + x) of DST tiles ------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(log1p, Log1p)

} // namespace ckernel

#pragma clang diagnostic pop
