//===- transpose_dest.h - a tile of DST transposed in place -----*- C++ -*-===//
#pragma once

#include "api/compute/common.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

template <bool Is32Bit = false> FORCE_INLINE void transpose_dest_init(TW_LOC) {
  MATH(tw_api->shortInit(loc));
  MATH(tw_api->setOp(TwOp::TransposeDst, TwBroadcast::None, 0, loc));
}
template <bool Is32Bit = false>
FORCE_INLINE void transpose_dest(uint32_t dst, TW_LOC) {
  MATH(tw_api->mathTransposeDst(dst, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
