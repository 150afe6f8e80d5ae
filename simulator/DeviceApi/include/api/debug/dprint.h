//===- dprint.h - printing from kernels -------------------------*- C++ -*-===//
//
// DPRINT << values << ENDL(); text goes to the output of the run. The numbers
// and text that kernels print; tile slices are not supported.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/prelude.h"

struct TwPrinter {
  const TwPrinter &operator<<(const char *text) const {
    uint32_t length = 0;
    while (text[length])
      ++length;
    tw_api->print(text, length);
    return *this;
  }
  const TwPrinter &operator<<(char c) const {
    tw_api->print(&c, 1);
    return *this;
  }
  template <typename T>
    requires(T(-1) < T(0) || T(-1) > T(0))
  const TwPrinter &operator<<(T value) const {
    if constexpr (T(0.5) != T(0)) {
      return putFloat(static_cast<float>(value));
    } else {
      const bool negative = value < T(0);
      unsigned long long rest = negative
                                    ? 0ull - static_cast<long long>(value)
                                    : static_cast<unsigned long long>(value);
      return putInteger(rest, negative);
    }
  }

private:
  const TwPrinter &putInteger(unsigned long long rest, bool negative) const {
    char digits[24];
    uint32_t at = sizeof(digits);
    do
      digits[--at] = static_cast<char>('0' + rest % 10);
    while (rest /= 10);
    if (negative)
      digits[--at] = '-';
    tw_api->print(digits + at, sizeof(digits) - at);
    return *this;
  }
  const TwPrinter &putFloat(float value) const {
    if (value < 0) {
      *this << '-';
      value = -value;
    }
    const auto whole = static_cast<unsigned long long>(value);
    putInteger(whole, false);
    *this << '.';
    auto rest =
        static_cast<uint32_t>((value - static_cast<float>(whole)) * 1000000.0f);
    for (uint32_t place = 100000; place; place /= 10)
      *this << static_cast<char>('0' + rest / place % 10);
    return *this;
  }
};
inline constexpr TwPrinter DPRINT;
inline const char *ENDL() { return "\n"; }

#ifdef TW_DATA_MOVEMENT
#define DPRINT_DATA0(x) x
#define DPRINT_DATA1(x) x
#else
#define DPRINT_DATA0(x)
#define DPRINT_DATA1(x)
#endif
#ifdef TRISC_UNPACK
#define DPRINT_UNPACK(x) x
#else
#define DPRINT_UNPACK(x)
#endif
#ifdef TRISC_MATH
#define DPRINT_MATH(x) x
#else
#define DPRINT_MATH(x)
#endif
#ifdef TRISC_PACK
#define DPRINT_PACK(x) x
#else
#define DPRINT_PACK(x)
#endif
