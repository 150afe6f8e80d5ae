//===- reg_api.h - sections of DST ------------------------------*- C++ -*-===//
#pragma once

#include "api/compute/common_globals.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

FORCE_INLINE void tile_regs_acquire(TW_LOC) {
  UNPACK(tw_api->unpackSection());
  MATH(tw_api->dstAcquire(loc));
}
template <bool Fp32Acc = DST_ACCUM_MODE>
FORCE_INLINE void tile_regs_commit(TW_LOC) {
  MATH(tw_api->dstCommit(loc));
}
FORCE_INLINE void tile_regs_wait(TW_LOC) { PACK(tw_api->dstWait(loc)); }
template <bool Fp32Acc = DST_ACCUM_MODE>
FORCE_INLINE void tile_regs_release(TW_LOC) {
  PACK(tw_api->dstRelease(loc));
}
FORCE_INLINE void acquire_dst(TW_LOC) {
  UNPACK(tw_api->unpackSection());
  MATH(tw_api->dstAcquire(loc));
  PACK(tw_api->dstWait(loc));
}
FORCE_INLINE void release_dst(TW_LOC) {
  MATH(tw_api->dstCommit(loc));
  PACK(tw_api->dstRelease(loc));
}
/// The spelling of 2024 names the mode, which the build decides.
FORCE_INLINE void acquire_dst(tt::DstMode, TW_LOC) { acquire_dst(loc); }
FORCE_INLINE void release_dst(tt::DstMode, TW_LOC) { release_dst(loc); }

} // namespace ckernel

#pragma clang diagnostic pop
