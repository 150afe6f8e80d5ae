//===- mod_div_lib.h - products and quotients by name -----------*- C++ -*-===//
//
// On the chip's processors these save a slow library call; here they are what
// they say.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/prelude.h"

FORCE_INLINE uint32_t mulsi3(uint32_t a, uint32_t b) { return a * b; }
FORCE_INLINE uint32_t udivsi3(uint32_t a, uint32_t b) { return a / b; }
FORCE_INLINE uint32_t umodsi3(uint32_t a, uint32_t b) { return a % b; }
template <uint32_t Divisor>
FORCE_INLINE uint32_t udivsi3_const_divisor(uint32_t a) {
  return a / Divisor;
}
template <uint32_t Divisor>
FORCE_INLINE uint32_t umodsi3_const_divisor(uint32_t a) {
  return a % Divisor;
}
#define TW_DIVIDE_BY(n)                                                        \
  FORCE_INLINE uint32_t fast_udiv_##n(uint32_t a) { return a / n; }
TW_DIVIDE_BY(7)
TW_DIVIDE_BY(12)
TW_DIVIDE_BY(20)
TW_DIVIDE_BY(48)
TW_DIVIDE_BY(56)
TW_DIVIDE_BY(63)
TW_DIVIDE_BY(70)
TW_DIVIDE_BY(72)
TW_DIVIDE_BY(80)
TW_DIVIDE_BY(94)
TW_DIVIDE_BY(108)
TW_DIVIDE_BY(110)
TW_DIVIDE_BY(117)
TW_DIVIDE_BY(120)
TW_DIVIDE_BY(124)
TW_DIVIDE_BY(126)
TW_DIVIDE_BY(130)
TW_DIVIDE_BY(140)
#undef TW_DIVIDE_BY
