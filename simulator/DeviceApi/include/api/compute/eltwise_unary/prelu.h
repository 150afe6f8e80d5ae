//===- prelu.h - PReLU of DST tiles -----------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(prelu_tile_init, LeakyRelu)
TW_SFPU_CALL1(prelu_tile, LeakyRelu)

} // namespace ckernel

#pragma clang diagnostic pop
