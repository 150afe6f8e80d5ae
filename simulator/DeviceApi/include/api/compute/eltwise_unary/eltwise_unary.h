//===- eltwise_unary.h - start-up for one operand ---------------*- C++ -*-===//
#pragma once

#include "api/compute/common.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

FORCE_INLINE void unary_op_init_common(uint32_t in, uint32_t out, TW_LOC) {
  tilewright_device::configure(in, in, out, true, loc);
  tilewright_device::setOp(TwOp::Copy, TwBroadcast::None, loc);
}
/// The same where another init sets the packer.
FORCE_INLINE void unary_op_init_common_no_pack(uint32_t in, TW_LOC) {
  UNPACK(tw_api->unpackConfigure(in, in, true, loc));
  MATH(tw_api->mathConfigure(true, loc));
  tilewright_device::setOp(TwOp::Copy, TwBroadcast::None, loc);
}
FORCE_INLINE void init_sfpu(uint32_t in, uint32_t out, TW_LOC) {
  tilewright_device::configure(in, in, out, true, loc);
  tilewright_device::setOp(TwOp::Copy, TwBroadcast::None, loc);
}

} // namespace ckernel

#pragma clang diagnostic pop
