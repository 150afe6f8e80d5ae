//===- xielu.h - xIELU of DST tiles -----------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(xielu_tile_init, Xielu)
TW_SFPU_CALL2(xielu_tile, Xielu)

} // namespace ckernel

#pragma clang diagnostic pop
