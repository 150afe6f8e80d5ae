//===- square.h - square of DST tiles ---------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(square, Square)

} // namespace ckernel

#pragma clang diagnostic pop
