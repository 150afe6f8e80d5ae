//===- clamp.h - DST tiles clamped to a range -------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(clamp_tile_init, Clamp)
TW_SFPU_CALL2(clamp_tile, Clamp)
TW_SFPU_CALL2(clamp_tile_int32, ClampInt)

} // namespace ckernel

#pragma clang diagnostic pop
