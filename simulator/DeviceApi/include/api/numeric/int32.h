//===- int32.h - comparing integers -----------------------------*- C++ -*-===//
#pragma once

#include "tilewright/prelude.h"

inline constexpr int32_t NEG_INF_INT32 = -2147483647 - 1;
inline constexpr int32_t POS_INF_INT32 = 0x7fffffff;
inline constexpr uint32_t INT32_SIGN_MASK = 0x80000000;

inline bool int32_greater(int32_t a, int32_t b) { return a > b; }
