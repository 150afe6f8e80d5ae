//===- cumsum.h - running sums down the columns of tiles --------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_INIT(cumsum_tile_init, Cumsum)
/// Row r becomes the sum of rows 0 to r, on top of the last row of the tile
/// before unless this is the first of a column of tiles.
FORCE_INLINE void cumsum_tile(uint32_t dst, bool first = true, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Cumsum, dst, first, 0, VectorMode::RC, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
