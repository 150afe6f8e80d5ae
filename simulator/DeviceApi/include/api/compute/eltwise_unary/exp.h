//===- exp.h - exponential of DST tiles -------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

/// exp of a tile. The first template argument asks for the approximation. A
/// scale, when enabled, is the bits of a bfloat16 that multiplies the operand.
TW_SFPU_INIT(exp_tile_init, Exp)
template <bool Approx = false, bool FastAndApprox = true,
          bool ScaleEnable = false, auto... Options>
FORCE_INLINE void exp_tile(uint32_t dst, int mode = VectorMode::RC,
                           uint16_t scale = 0x3f80, TW_LOC) {
  MATH(tw_api->sfpuUnary(
      Approx ? TwUnary::ExpApprox : TwUnary::Exp, dst,
      ScaleEnable ? static_cast<uint32_t>(scale) << 16 : 0x3f800000u, 0, mode,
      loc));
}
template <auto... Options>
TW_UNAVAILABLE("the vector unit on the PACK thread: use exp_tile")
inline void exp_packthread_tile_init() {}
template <auto... Options>
TW_UNAVAILABLE("the vector unit on the PACK thread: use exp_tile")
inline void exp_packthread_tile(uint32_t, int = 4, uint16_t = 0x3f80) {}

} // namespace ckernel

#pragma clang diagnostic pop
