//===- bfloat16.h - comparing the bits of bfloat16 --------------*- C++ -*-===//
#pragma once

#include "tilewright/prelude.h"

inline constexpr uint16_t NEG_INF_BFLOAT16 = 0xff80;
inline constexpr uint16_t POS_INF_BFLOAT16 = 0x7f80;
inline constexpr uint16_t NAN_BFLOAT16 = 0x7fff;
inline constexpr uint16_t BFLOAT16_SIGN_MASK = 0x8000;

/// a > b in the order of sign and magnitude: +0 is above -0.
inline bool bfloat16_greater(uint16_t a, uint16_t b) {
  const bool negativeA = a & BFLOAT16_SIGN_MASK;
  const bool negativeB = b & BFLOAT16_SIGN_MASK;
  return negativeA != negativeB ? negativeB : negativeA ? a < b : a > b;
}
