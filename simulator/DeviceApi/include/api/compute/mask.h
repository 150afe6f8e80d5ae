//===- mask.h - DST tiles where a mask is not zero --------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(mask_tile_init, Mask)
FORCE_INLINE void mask_tile(uint32_t data, uint32_t mask,
                            DataFormat format = DataFormat::Float16_b,
                            TW_LOC) {
  MATH(tw_api->sfpuBinary(tilewright::isInteger(format) ? TwBinary::MaskInt
                                                        : TwBinary::Mask,
                          data, mask, 0, data, 0, VectorMode::RC, loc));
}
/// Plus infinity where the mask is zero.
FORCE_INLINE void mask_posinf_tile(uint32_t data, uint32_t mask, TW_LOC) {
  MATH(tw_api->sfpuBinary(TwBinary::MaskInfinity, data, mask, 0, data, 0,
                          VectorMode::RC, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
