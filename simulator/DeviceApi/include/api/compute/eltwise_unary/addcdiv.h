//===- addcdiv.h - addcdiv on DST tiles -------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(addcdiv_tile_init, Addcdiv)
/// a + value * b / c
template <DataFormat Format>
FORCE_INLINE void addcdiv_tile(uint32_t a, uint32_t b, uint32_t c, uint32_t dst,
                              uint32_t value, TW_LOC) {
  static_assert(!tilewright::isInteger(Format), "addcdiv_tile takes floats");
  MATH(tw_api->sfpuBinary(TwBinary::Addcdiv, a, b, c, dst, value,
                          VectorMode::RC, loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
