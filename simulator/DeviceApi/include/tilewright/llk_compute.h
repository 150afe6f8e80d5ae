//===- llk_compute.h - calls of the vendor's low-level library --*- C++ -*-===//
//
// Some kernels set up a thread by the library below the compute API. These are
// the calls that say no more than an API call does, one thread each; others do
// not compile.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/compute.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {
enum DataCopyType { A2D, B2D };

template <EltwiseBinaryType Type, BroadcastType Broadcast = BroadcastType::NONE,
          auto... Options, typename... Args>
FORCE_INLINE void llk_math_eltwise_binary_init(Args...) {
  MATH(const TwLoc loc = TwLoc::here(); tw_api->shortInit(loc);
       tw_api->setOp(tilewright_device::eltwise(Type),
                     tilewright_device::broadcast(Broadcast), 0, loc));
}
template <BroadcastType Broadcast = BroadcastType::NONE, typename... Args>
FORCE_INLINE void llk_unpack_AB_init(uint32_t, uint32_t, Args...) {
  UNPACK(const TwLoc loc = TwLoc::here(); tw_api->shortInit(loc); tw_api->setOp(
      TwOp::Add, tilewright_device::broadcast(Broadcast), 0, loc));
}
template <DataCopyType Type, BroadcastType Broadcast = BroadcastType::NONE,
          auto... Options, typename... Args>
FORCE_INLINE void llk_math_eltwise_unary_datacopy_init(Args...) {
  MATH(const TwLoc loc = TwLoc::here(); tw_api->shortInit(loc); tw_api->setOp(
      Broadcast == BroadcastType::NONE ? TwOp::Copy : TwOp::UnaryBroadcast,
      tilewright_device::broadcast(Broadcast), 0, loc));
}
/// Packing adds to what lies in L1.
FORCE_INLINE void llk_pack_reconfig_l1_acc(uint32_t on, TW_LOC) {
  PACK(tw_api->packAccumulate(on != 0, loc));
}
/// A ReluType, and a threshold of 16 bits in the upper half.
template <typename Config>
FORCE_INLINE void llk_pack_relu_config(Config config, TW_LOC) {
  PACK(tw_api->packRelu(static_cast<uint32_t>(config) & 3u,
                        static_cast<uint32_t>(config) >> 16, loc));
}
} // namespace ckernel

#pragma clang diagnostic pop
