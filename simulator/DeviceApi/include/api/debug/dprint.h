//===- dprint.h - printing from kernels -------------------------*- C++ -*-===//
//
// DPRINT << values << ENDL(); text goes to the output of the run, line by line.
// Numbers are printed as C++ streams do: six significant digits unless
// SETPRECISION says otherwise; FIXED, HEX and the like hold from then on, SETW
// for the next value.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/prelude.h"

struct F32 {
  float val;
  constexpr explicit(false) F32(float val) : val(val) {}
};
struct BF16 {
  uint16_t val;
  constexpr explicit(false) BF16(uint16_t val) : val(val) {}
};
struct U32 {
  uint32_t val;
  constexpr explicit(false) U32(uint32_t val) : val(val) {}
};
struct ENDL {};
struct FIXED {};
struct DEFAULTFLOAT {};
struct HEX {};
struct OCT {};
struct DEC {};
struct SETPRECISION {
  char p;
  constexpr explicit SETPRECISION(char p) : p(p) {}
};
struct SETW {
  char w;
  constexpr explicit SETW(char w) : w(w) {}
};

namespace tilewright_device {

struct PrintState {
  uint32_t base = 10;
  uint32_t precision = 6;
  uint32_t width = 0;
  bool fixed = false;
};
inline PrintState printState;

/// Text under construction, put out with the width that is asked for.
struct PrintField {
  char text[48];
  uint32_t length = 0;
  void put(char c) {
    if (length < sizeof(text))
      text[length++] = c;
  }
  void put(uint64_t value, uint32_t base, uint32_t atLeast = 1) {
    char digits[24];
    uint32_t count = 0;
    do {
      digits[count++] = "0123456789abcdef"[value % base];
      value /= base;
    } while (value || count < atLeast);
    while (count)
      put(digits[--count]);
  }
};

inline void printText(const char *text, uint32_t length) {
  for (; printState.width > length; --printState.width)
    tw_api->print(" ", 1);
  printState.width = 0;
  tw_api->print(text, length);
}

inline double powerOfTen(int exponent) {
  double power = 1;
  for (int i = 0; i < (exponent < 0 ? -exponent : exponent); ++i)
    power *= 10;
  return exponent < 0 ? 1 / power : power;
}

/// To the nearest integer, ties to even.
inline uint64_t roundToEven(double value) {
  const auto whole = static_cast<uint64_t>(value);
  const double rest = value - static_cast<double>(whole);
  return whole + (rest > 0.5 || (rest == 0.5 && (whole & 1)));
}

inline void printFixed(PrintField &field, double value, uint32_t places) {
  if (places > 9)
    places = 9;
  const double scale = powerOfTen(places);
  auto whole = static_cast<uint64_t>(value);
  uint64_t rest = roundToEven((value - whole) * scale);
  if (rest >= static_cast<uint64_t>(scale)) {
    ++whole;
    rest = 0;
  }
  field.put(whole, 10);
  if (places) {
    field.put('.');
    field.put(rest, 10, places);
  }
}

/// As "%g": `precision` significant digits without zeros at the end.
inline void printShortest(PrintField &field, double value) {
  uint32_t precision = printState.precision ? printState.precision : 1;
  if (precision > 15)
    precision = 15;
  int exponent = 0;
  if (value != 0) {
    for (; value >= powerOfTen(exponent + 1);)
      ++exponent;
    for (; value < powerOfTen(exponent);)
      --exponent;
  }
  const double scale = powerOfTen(static_cast<int>(precision) - 1 - exponent);
  uint64_t digits = roundToEven(value * scale);
  if (digits >= static_cast<uint64_t>(powerOfTen(precision))) {
    digits /= 10;
    ++exponent;
  }
  uint32_t count = precision;
  for (; count > 1 && digits % 10 == 0; --count)
    digits /= 10;
  char text[24];
  for (uint32_t i = count; i-- > 0; digits /= 10)
    text[i] = static_cast<char>('0' + digits % 10);
  if (exponent < -4 || exponent >= static_cast<int>(precision)) {
    field.put(text[0]);
    if (count > 1)
      field.put('.');
    for (uint32_t i = 1; i < count; ++i)
      field.put(text[i]);
    field.put('e');
    field.put(exponent < 0 ? '-' : '+');
    field.put(exponent < 0 ? -exponent : exponent, 10, 2);
    return;
  }
  if (exponent < 0) {
    field.put('0');
    field.put('.');
    for (int i = -1; i > exponent; --i)
      field.put('0');
  }
  for (uint32_t i = 0; i < count || static_cast<int>(i) <= exponent; ++i) {
    if (exponent >= 0 && static_cast<int>(i) == exponent + 1)
      field.put('.');
    field.put(i < count ? text[i] : '0');
  }
}

inline void printReal(double value) {
  PrintField field;
  if (__builtin_signbit(value)) {
    field.put('-');
    value = -value;
  }
  if (value != value || value > 1.7e38 * 2) {
    for (const char *c = value != value ? "nan" : "inf"; *c; ++c)
      field.put(*c);
  } else if (printState.fixed && value < 1e18) {
    printFixed(field, value, printState.precision);
  } else {
    printShortest(field, value);
  }
  printText(field.text, field.length);
}

inline void printInteger(uint64_t value, bool negative) {
  PrintField field;
  if (negative)
    field.put('-');
  field.put(value, printState.base);
  printText(field.text, field.length);
}

inline float fromBfloat16(uint16_t bits) {
  return __builtin_bit_cast(float, static_cast<uint32_t>(bits) << 16);
}

} // namespace tilewright_device

struct TwPrinter {
  const TwPrinter &operator<<(const char *text) const {
    uint32_t length = 0;
    while (text[length])
      ++length;
    tilewright_device::printText(text, length);
    return *this;
  }
  const TwPrinter &operator<<(char c) const {
    tilewright_device::printText(&c, 1);
    return *this;
  }
  template <typename T>
    requires(__is_arithmetic(T))
  const TwPrinter &operator<<(T value) const {
    if constexpr (T(0.5) != T(0)) {
      tilewright_device::printReal(static_cast<double>(value));
    } else {
      const bool negative =
          value < T(0) && tilewright_device::printState.base == 10;
      const auto bits = static_cast<uint64_t>(value);
      const uint64_t kept =
          sizeof(T) < 8 ? bits & ((uint64_t(1) << (sizeof(T) * 8 % 64)) - 1)
                        : bits;
      tilewright_device::printInteger(negative ? 0 - bits : kept, negative);
    }
    return *this;
  }
  template <typename T>
    requires(__is_enum(T))
  const TwPrinter &operator<<(T value) const {
    return *this << static_cast<__underlying_type(T)>(value);
  }
  const TwPrinter &operator<<(bool value) const {
    return *this << static_cast<uint32_t>(value);
  }
  const TwPrinter &operator<<(F32 value) const { return *this << value.val; }
  const TwPrinter &operator<<(U32 value) const { return *this << value.val; }
  const TwPrinter &operator<<(BF16 value) const {
    return *this << tilewright_device::fromBfloat16(value.val);
  }
  const TwPrinter &operator<<(ENDL) const {
    tw_api->print("\n", 1);
    return *this;
  }
  const TwPrinter &operator<<(FIXED) const { return fixed(true); }
  const TwPrinter &operator<<(DEFAULTFLOAT) const { return fixed(false); }
  const TwPrinter &operator<<(HEX) const { return base(16); }
  const TwPrinter &operator<<(OCT) const { return base(8); }
  const TwPrinter &operator<<(DEC) const { return base(10); }
  const TwPrinter &operator<<(SETPRECISION digits) const {
    tilewright_device::printState.precision = static_cast<uint8_t>(digits.p);
    return *this;
  }
  const TwPrinter &operator<<(SETW width) const {
    tilewright_device::printState.width = static_cast<uint8_t>(width.w);
    return *this;
  }

private:
  const TwPrinter &fixed(bool on) const {
    tilewright_device::printState.fixed = on;
    return *this;
  }
  const TwPrinter &base(uint32_t base) const {
    tilewright_device::printState.base = base;
    return *this;
  }
};

#ifdef FORCE_DPRINT_OFF
#define DPRINT                                                                 \
  if (0)                                                                       \
  TwPrinter()
#else
#define DPRINT TwPrinter()
#endif

// As in the SDK, DATA0 and DATA1 are the kernels on NoC 0 and on NoC 1.
#ifdef TW_DATA_MOVEMENT
#define DPRINT_DATA0(x)                                                        \
  if (noc_index == 0) {                                                        \
    x;                                                                         \
  }
#define DPRINT_DATA1(x)                                                        \
  if (noc_index == 1) {                                                        \
    x;                                                                         \
  }
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

#include "api/debug/dprint_tile.h"
