//===- elu.h - ELU of DST tiles ---------------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(elu_tile_init, Elu)
TW_SFPU_CALL1(elu_tile, Elu)

} // namespace ckernel

#pragma clang diagnostic pop
