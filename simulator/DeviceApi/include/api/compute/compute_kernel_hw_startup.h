//===- compute_kernel_hw_startup.h - one-time configuration -----*- C++ -*-===//
#pragma once

#include "api/compute/common_globals.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

template <SrcOrder Order = SrcOrder::Regular>
FORCE_INLINE void compute_kernel_hw_startup(uint32_t in0, uint32_t in1,
                                            uint32_t out, TW_LOC) {
  if constexpr (Order == SrcOrder::Reverse)
    tilewright_device::configure(in1, in0, out, true, loc);
  else
    tilewright_device::configure(in0, in1, out, true, loc);
}
FORCE_INLINE void compute_kernel_hw_startup(uint32_t in, uint32_t out, TW_LOC) {
  tilewright_device::configure(in, in, out, true, loc);
}

TW_UNAVAILABLE("DST keeps one width for the whole kernel")
inline void enable_fp32_dest_acc() {}
TW_UNAVAILABLE("DST keeps one width for the whole kernel")
inline void disable_fp32_dest_acc() {}

} // namespace ckernel

#pragma clang diagnostic pop
