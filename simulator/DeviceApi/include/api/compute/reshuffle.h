//===- reshuffle.h - rows of a tile moved -----------------------*- C++ -*-===//
#pragma once

#include "tilewright/compute.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_UNAVAILABLE("moving rows of a tile")
inline void reshuffle_rows_tile_init() {}
TW_UNAVAILABLE("moving rows of a tile")
inline void reshuffle_rows_tile(uint32_t, uint32_t) {}

} // namespace ckernel

#pragma clang diagnostic pop
