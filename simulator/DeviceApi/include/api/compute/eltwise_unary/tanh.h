//===- tanh.h - tanh of DST tiles -------------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(tanh, Tanh)

} // namespace ckernel

#pragma clang diagnostic pop
