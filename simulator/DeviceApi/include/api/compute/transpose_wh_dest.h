//===- transpose_wh_dest.h - transpose_dest.h in its older spelling -*- C++
//-*-===//
#pragma once

#include "api/compute/transpose_dest.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

template <bool Is32Bit = false>
FORCE_INLINE void transpose_wh_dest_init_short(TW_LOC) {
  transpose_dest_init<Is32Bit>(loc);
}
template <bool Is32Bit = false>
FORCE_INLINE void transpose_wh_dest(uint32_t dst, TW_LOC) {
  transpose_dest<Is32Bit>(dst, loc);
}

} // namespace ckernel

#pragma clang diagnostic pop
