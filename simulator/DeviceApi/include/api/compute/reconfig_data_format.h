//===- reconfig_data_format.h - formats of the unpackers --------*- C++ -*-===//
#pragma once

#include "api/compute/common_globals.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

/// Operands in SrcA, SrcB order; the SrcOrder forms take the natural order.
template <bool Int8 = false, bool TileDims = false>
FORCE_INLINE void reconfig_data_format(uint32_t a, uint32_t b, TW_LOC) {
  UNPACK(tw_api->unpackReconfigure(a, b, loc));
  MATH(tw_api->shortInit(loc));
}
template <SrcOrder Order>
FORCE_INLINE void reconfig_data_format(uint32_t in0, uint32_t in1, TW_LOC) {
  if constexpr (Order == SrcOrder::Reverse)
    reconfig_data_format<false, false>(in1, in0, loc);
  else
    reconfig_data_format<false, false>(in0, in1, loc);
}
template <bool Int8 = false, bool TileDims = false>
FORCE_INLINE void reconfig_data_format(uint32_t, uint32_t a, uint32_t,
                                       uint32_t b, TW_LOC) {
  reconfig_data_format<Int8, TileDims>(a, b, loc);
}
template <bool Int8 = false, bool TileDims = false>
FORCE_INLINE void reconfig_data_format_srca(uint32_t a, TW_LOC) {
  UNPACK(tw_api->unpackReconfigure(a, -1, loc));
  MATH(tw_api->shortInit(loc));
}
template <bool Int8 = false, bool TileDims = false>
FORCE_INLINE void reconfig_data_format_srca(uint32_t, uint32_t a, TW_LOC) {
  reconfig_data_format_srca<Int8, TileDims>(a, loc);
}
template <bool Int8 = false, bool TileDims = false>
FORCE_INLINE void reconfig_data_format_srcb(uint32_t b, TW_LOC) {
  UNPACK(tw_api->unpackReconfigure(-1, b, loc));
  MATH(tw_api->shortInit(loc));
}
template <bool Int8 = false, bool TileDims = false>
FORCE_INLINE void reconfig_data_format_srcb(uint32_t, uint32_t b, TW_LOC) {
  reconfig_data_format_srcb<Int8, TileDims>(b, loc);
}

} // namespace ckernel

#pragma clang diagnostic pop
