//===- eltwise.h - the base of element-wise operations ----------*- C++ -*-===//
#pragma once

#include "api/compute/common.h"

namespace tilewright_device {
FORCE_INLINE void binaryInit(TwOp op, TwBroadcast broadcast,
                             bool accumulateToDst, TwLoc loc) {
  accumulate = accumulateToDst;
  opInit(op, broadcast, loc);
}
FORCE_INLINE void binaryTiles(TwOp op, TwBroadcast broadcast, uint32_t in0,
                              uint32_t in1, uint32_t tile0, uint32_t tile1,
                              uint32_t dst, uint32_t row, TwLoc loc) {
  UNPACK(tw_api->unpackBinary(op, broadcast, in0, in1, tile0, tile1, row, loc));
  MATH(tw_api->mathBinary(op, broadcast, dst, accumulate, loc));
}
} // namespace tilewright_device
