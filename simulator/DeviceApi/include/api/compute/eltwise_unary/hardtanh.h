//===- hardtanh.h - DST tiles clamped to a range ----------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(hardtanh_tile_init, Hardtanh)
TW_SFPU_CALL2(hardtanh_tile, Hardtanh)

} // namespace ckernel

#pragma clang diagnostic pop
