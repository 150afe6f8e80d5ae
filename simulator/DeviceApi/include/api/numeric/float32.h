//===- float32.h - comparing the bits of fp32 -------------------*- C++ -*-===//
#pragma once

#include "tilewright/prelude.h"

inline constexpr uint32_t NEG_INF_FLOAT32 = 0xff800000;
inline constexpr uint32_t POS_INF_FLOAT32 = 0x7f800000;
inline constexpr uint32_t NAN_FLOAT32 = 0x7fffffff;
inline constexpr uint32_t FLOAT32_SIGN_MASK = 0x80000000;
inline constexpr uint32_t FLOAT32_EXPONENT_MASK = 0x7f800000;
inline constexpr uint32_t FLOAT32_MANTISSA_MASK = 0x007fffff;
inline constexpr uint32_t FLOAT32_MAGNITUDE_MASK = 0x7fffffff;

/// a > b in the order of sign and magnitude; zeros are equal, and nothing is
/// above or below a NaN.
inline bool float32_greater(uint32_t a, uint32_t b) {
  return __builtin_bit_cast(float, a) > __builtin_bit_cast(float, b);
}
