//===- atan2.h - angles of two DST tiles ------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_PAIR(atan2, Atan2)

} // namespace ckernel

#pragma clang diagnostic pop
