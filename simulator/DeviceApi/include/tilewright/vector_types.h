//===- vector_types.h - the vectors of the vector unit ----------*- C++ -*-===//
//
// sfpi::vFloat, vInt, vUInt: 32 lanes of 32 bits each, and the condition that
// lanes are under. An assignment changes only the lanes that are on; what an
// expression makes in between has all of them. Arithmetic is fp32 with
// denormals as zero; a product that is added to at once is rounded once, as by
// the unit's multiply-add.
//
// Cycles are counted one for an instruction, two for sums and products, and
// reach the simulator with the next load or store.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/prelude.h"

namespace sfpi {

namespace impl_ {
template <typename T>
using Lanes __attribute__((ext_vector_type(32), aligned(16))) = T;
using Bits = Lanes<uint32_t>;
using Ints = Lanes<int32_t>;
using Floats = Lanes<float>;
using Doubles = Lanes<double>;

/// All bits of a lane that is on, none of one that is off.
inline Bits on = ~0u;
inline uint32_t cycles = 0;

FORCE_INLINE Bits select(Bits mask, Bits yes, Bits no) {
  return (mask & yes) | (~mask & no);
}
FORCE_INLINE Floats floats(Bits bits) {
  return __builtin_bit_cast(Floats, bits);
}
FORCE_INLINE Ints ints(Bits bits) { return __builtin_bit_cast(Ints, bits); }
template <typename V> FORCE_INLINE Bits bits(V value) {
  return __builtin_bit_cast(Bits, value);
}
/// Denormals, and the zero with a sign, become zero.
FORCE_INLINE Bits flush(Bits value) {
  const Bits mask = bits((value & 0x7f800000u) != 0u);
  return value & mask;
}
FORCE_INLINE Bits flush(Floats value) { return flush(bits(value)); }

/// What all vectors are made of. Assigning keeps the lanes that are off.
struct vVal {
  Bits word;
  vVal() : word(0u) {}
  explicit vVal(Bits bits) : word(bits) {}
  vVal(const vVal &) = default;
  vVal &operator=(const vVal &other) {
    ++cycles;
    word = select(on, other.word, word);
    return *this;
  }
  Bits get() const { return word; }
};

} // namespace impl_

/// Scalars of 16 bits that a vector can be set to: fp16 and bfloat16.
class sFloat16a {
public:
  explicit sFloat16a(float value) : value(value) {}
  explicit sFloat16a(int bits) : sFloat16a(static_cast<uint32_t>(bits)) {}
  explicit sFloat16a(uint32_t bits) {
    const uint32_t exponent = bits >> 10 & 31u;
    value = __builtin_bit_cast(float,
                               (bits & 0x8000u) << 16 |
                                   (exponent ? (exponent + 112u) << 23 : 0u) |
                                   (exponent ? (bits & 0x3ffu) << 13 : 0u));
  }
  float get() const { return value; }

private:
  float value;
};
class sFloat16b {
public:
  /// The mantissa is cut.
  explicit sFloat16b(float number)
      : bits(__builtin_bit_cast(uint32_t, number) & 0xffff0000u) {}
  explicit sFloat16b(double number) : sFloat16b(static_cast<float>(number)) {}
  explicit sFloat16b(int pattern)
      : bits(static_cast<uint32_t>(pattern) << 16) {}
  explicit sFloat16b(uint32_t pattern) : bits(pattern << 16) {}
  float get() const { return __builtin_bit_cast(float, bits); }

private:
  uint32_t bits;
};
using s2vFloat16a = sFloat16a;
using s2vFloat16b = sFloat16b;

class vInt;
class vUInt;

class vFloat : public impl_::vVal {
public:
  vFloat() = default;
  vFloat(const vFloat &) = default;
  vFloat &operator=(const vFloat &) = default;
  explicit vFloat(impl_::Bits bits) : vVal(bits) {}
  vFloat(float value) : vVal(impl_::bits(impl_::Floats(value))) {}
  vFloat(sFloat16a value) : vFloat(value.get()) {}
  vFloat(sFloat16b value) : vFloat(value.get()) {}
  impl_::Floats lanes() const { return impl_::floats(impl_::flush(word)); }
};

namespace impl_ {
/// A product; added to at once, it is not rounded in between.
struct Product : vFloat {
  Floats a, b;
  Product(vFloat x, vFloat y)
      : vFloat(flush(x.lanes() * y.lanes())), a(x.lanes()), b(y.lanes()) {
    cycles += 2;
  }
  /// a * b + c, rounded once to 53 bits and then to 24.
  vFloat plus(Floats c, bool negated) const {
    const Doubles left = __builtin_convertvector(a, Doubles);
    const Doubles right = __builtin_convertvector(b, Doubles);
    const Doubles product = negated ? -(left * right) : left * right;
    return vFloat(flush(__builtin_convertvector(
        product + __builtin_convertvector(c, Doubles), Floats)));
  }
};
FORCE_INLINE vFloat sum(vFloat a, vFloat b) {
  cycles += 2;
  return vFloat(flush(a.lanes() + b.lanes()));
}
} // namespace impl_

FORCE_INLINE impl_::Product operator*(vFloat a, vFloat b) { return {a, b}; }
FORCE_INLINE vFloat operator-(vFloat a) {
  ++impl_::cycles;
  return vFloat(a.word ^ 0x80000000u);
}
FORCE_INLINE vFloat operator+(vFloat a) { return a; }
FORCE_INLINE vFloat operator+(vFloat a, vFloat b) { return impl_::sum(a, b); }
FORCE_INLINE vFloat operator-(vFloat a, vFloat b) {
  impl_::cycles += 2;
  return vFloat(impl_::flush(a.lanes() - b.lanes()));
}
FORCE_INLINE vFloat operator+(const impl_::Product &a, vFloat b) {
  return a.plus(b.lanes(), false);
}
FORCE_INLINE vFloat operator+(vFloat a, const impl_::Product &b) {
  return b.plus(a.lanes(), false);
}
FORCE_INLINE vFloat operator+(const impl_::Product &a,
                              const impl_::Product &b) {
  return a.plus(b.lanes(), false);
}
FORCE_INLINE vFloat operator-(const impl_::Product &a, vFloat b) {
  return a.plus(-b.lanes(), false);
}
FORCE_INLINE vFloat operator-(vFloat a, const impl_::Product &b) {
  return b.plus(a.lanes(), true);
}
FORCE_INLINE vFloat operator-(const impl_::Product &a,
                              const impl_::Product &b) {
  return a.plus(-b.lanes(), false);
}
FORCE_INLINE vFloat &operator+=(vFloat &a, vFloat b) { return a = a + b; }
FORCE_INLINE vFloat &operator+=(vFloat &a, const impl_::Product &b) {
  return a = a + b;
}
FORCE_INLINE vFloat &operator-=(vFloat &a, vFloat b) { return a = a - b; }
FORCE_INLINE vFloat &operator-=(vFloat &a, const impl_::Product &b) {
  return a = a - b;
}
FORCE_INLINE vFloat &operator*=(vFloat &a, vFloat b) { return a = a * b; }
FORCE_INLINE vFloat operator++(vFloat &a) { return a = a + vFloat(1.0f); }
FORCE_INLINE vFloat operator--(vFloat &a) { return a = a - vFloat(1.0f); }
FORCE_INLINE vFloat operator++(vFloat &a, int) {
  const vFloat before = a;
  ++a;
  return before;
}
FORCE_INLINE vFloat operator--(vFloat &a, int) {
  const vFloat before = a;
  --a;
  return before;
}

/// 32-bit integers with a sign, in two's complement.
class vInt : public impl_::vVal {
public:
  vInt() = default;
  vInt(const vInt &) = default;
  vInt &operator=(const vInt &) = default;
  explicit vInt(impl_::Bits bits) : vVal(bits) {}
  vInt(int value) : vVal(impl_::Bits(static_cast<uint32_t>(value))) {}
  vInt(uint32_t value) : vVal(impl_::Bits(value)) {}
  vInt(long value) : vInt(static_cast<uint32_t>(value)) {}
  vInt(unsigned long value) : vInt(static_cast<uint32_t>(value)) {}
  inline vInt(const vUInt &other);
};
/// 32-bit integers without a sign.
class vUInt : public impl_::vVal {
public:
  vUInt() = default;
  vUInt(const vUInt &) = default;
  vUInt &operator=(const vUInt &) = default;
  explicit vUInt(impl_::Bits bits) : vVal(bits) {}
  vUInt(int value) : vVal(impl_::Bits(static_cast<uint32_t>(value))) {}
  vUInt(uint32_t value) : vVal(impl_::Bits(value)) {}
  vUInt(long value) : vUInt(static_cast<uint32_t>(value)) {}
  vUInt(unsigned long value) : vUInt(static_cast<uint32_t>(value)) {}
  explicit vUInt(const vInt &other) : vVal(other.word) {}
};
inline vInt::vInt(const vUInt &other) : vVal(other.word) {}

/// The operators of one integer vector with another one and with scalars.
#define TW_SFPI_INTEGER(op, expression)                                        \
  FORCE_INLINE vInt operator op(vInt a, vInt b) {                              \
    ++impl_::cycles;                                                           \
    return vInt(impl_::Bits(expression));                                      \
  }                                                                            \
  FORCE_INLINE vUInt operator op(vUInt a, vUInt b) {                           \
    ++impl_::cycles;                                                           \
    return vUInt(impl_::Bits(expression));                                     \
  }                                                                            \
  FORCE_INLINE vInt operator op(vInt a, vUInt b) { return a op vInt(b); }      \
  FORCE_INLINE vUInt operator op(vUInt a, vInt b) { return a op vUInt(b); }    \
  template <typename S>                                                        \
    requires __is_integral                                                     \
  (S) FORCE_INLINE vInt operator op(vInt a, S b) {                             \
    return a op vInt(static_cast<uint32_t>(b));                                \
  }                                                                            \
  template <typename S>                                                        \
    requires __is_integral                                                     \
  (S) FORCE_INLINE vUInt operator op(vUInt a, S b) {                           \
    return a op vUInt(static_cast<uint32_t>(b));                               \
  }                                                                            \
  template <typename S>                                                        \
    requires __is_integral                                                     \
  (S) FORCE_INLINE vInt operator op(S a, vInt b) {                             \
    return vInt(static_cast<uint32_t>(a)) op b;                                \
  }                                                                            \
  FORCE_INLINE vInt &operator op## = (vInt & a, vInt b) { return a = a op b; } \
  FORCE_INLINE vUInt &operator op## = (vUInt & a, vUInt b) {                   \
    return a = a op b;                                                         \
  }
TW_SFPI_INTEGER(+, a.word + b.word)
TW_SFPI_INTEGER(-, a.word - b.word)
TW_SFPI_INTEGER(&, a.word & b.word)
TW_SFPI_INTEGER(|, a.word | b.word)
TW_SFPI_INTEGER(^, a.word ^ b.word)
#undef TW_SFPI_INTEGER

FORCE_INLINE vInt operator~(vInt a) {
  ++impl_::cycles;
  return vInt(~a.word);
}
FORCE_INLINE vUInt operator~(vUInt a) {
  ++impl_::cycles;
  return vUInt(~a.word);
}
FORCE_INLINE vInt operator-(vInt a) { return vInt(0) - a; }
/// Shifts by constants; an integer with a sign is shifted right only on
/// Blackhole, where its sign stays.
FORCE_INLINE vInt operator<<(vInt a, uint32_t by) {
  ++impl_::cycles;
  return vInt(by < 32 ? impl_::Bits(a.word << by) : impl_::Bits(0u));
}
FORCE_INLINE vUInt operator<<(vUInt a, uint32_t by) {
  ++impl_::cycles;
  return vUInt(by < 32 ? impl_::Bits(a.word << by) : impl_::Bits(0u));
}
FORCE_INLINE vUInt operator>>(vUInt a, uint32_t by) {
  ++impl_::cycles;
  return vUInt(by < 32 ? impl_::Bits(a.word >> by) : impl_::Bits(0u));
}
#ifdef ARCH_BLACKHOLE
FORCE_INLINE vInt operator>>(vInt a, uint32_t by) {
  ++impl_::cycles;
  return vInt(impl_::bits(impl_::ints(a.word) >>
                          static_cast<int32_t>(by < 31 ? by : 31)));
}
FORCE_INLINE vInt &operator>>=(vInt &a, uint32_t by) { return a = a >> by; }
#endif
FORCE_INLINE vInt &operator<<=(vInt &a, uint32_t by) { return a = a << by; }
FORCE_INLINE vUInt &operator<<=(vUInt &a, uint32_t by) { return a = a << by; }
FORCE_INLINE vUInt &operator>>=(vUInt &a, uint32_t by) { return a = a >> by; }
FORCE_INLINE vInt operator++(vInt &a) { return a = a + vInt(1); }
FORCE_INLINE vInt operator--(vInt &a) { return a = a - vInt(1); }
FORCE_INLINE vUInt operator++(vUInt &a) { return a = a + vUInt(1); }
FORCE_INLINE vUInt operator--(vUInt &a) { return a = a - vUInt(1); }

//===----------------------------------------------------------------------===//
// Conditions
//===----------------------------------------------------------------------===//

/// A condition, lane by lane.
class vBool {
public:
  explicit vBool(impl_::Bits mask) : mask(mask) {}
  impl_::Bits mask;
};
FORCE_INLINE vBool operator&&(vBool a, vBool b) {
  return vBool(a.mask & b.mask);
}
FORCE_INLINE vBool operator||(vBool a, vBool b) {
  return vBool(a.mask | b.mask);
}
FORCE_INLINE vBool operator!(vBool a) { return vBool(~a.mask); }
FORCE_INLINE vBool operator!(vInt a) {
  return vBool(impl_::bits(a.word == 0u));
}
FORCE_INLINE vBool operator!(vUInt a) {
  return vBool(impl_::bits(a.word == 0u));
}

#define TW_SFPI_COMPARE(op)                                                    \
  FORCE_INLINE vBool operator op(vFloat a, vFloat b) {                         \
    impl_::cycles += 2;                                                        \
    return vBool(impl_::bits(a.lanes() op b.lanes()));                         \
  }                                                                            \
  FORCE_INLINE vBool operator op(vInt a, vInt b) {                             \
    impl_::cycles += 2;                                                        \
    return vBool(impl_::bits(impl_::ints(a.word) op impl_::ints(b.word)));     \
  }                                                                            \
  FORCE_INLINE vBool operator op(vUInt a, vUInt b) {                           \
    impl_::cycles += 2;                                                        \
    return vBool(impl_::bits(a.word op b.word));                               \
  }                                                                            \
  template <typename S>                                                        \
    requires __is_integral                                                     \
  (S) FORCE_INLINE vBool operator op(vInt a, S b) {                            \
    return a op vInt(static_cast<uint32_t>(b));                                \
  }                                                                            \
  template <typename S>                                                        \
    requires __is_integral                                                     \
  (S) FORCE_INLINE vBool operator op(vUInt a, S b) {                           \
    return a op vUInt(static_cast<uint32_t>(b));                               \
  }
TW_SFPI_COMPARE(<)
TW_SFPI_COMPARE(>)
TW_SFPI_COMPARE(<=)
TW_SFPI_COMPARE(>=)
TW_SFPI_COMPARE(==)
TW_SFPI_COMPARE(!=)
#undef TW_SFPI_COMPARE

namespace impl_ {
/// The lanes of a v_if: those that its branches have not taken yet.
class CC {
public:
  CC() : outer(on), rest(on) {}
  CC(const CC &) = delete;
  ~CC() {
    ++cycles;
    on = outer;
  }
  void when(vBool condition) {
    cycles += 2;
    on = rest & condition.mask;
    rest &= ~condition.mask;
  }
  /// The condition itself is seen by the lanes that are left.
  void otherwise() {
    ++cycles;
    on = rest;
  }
  void narrow(vBool condition) {
    ++cycles;
    on &= condition.mask;
  }

private:
  Bits outer, rest;
};
} // namespace impl_

} // namespace sfpi

#define v_if(...)                                                              \
  {                                                                            \
    ::sfpi::impl_::CC tw_condition;                                            \
    tw_condition.when(__VA_ARGS__);
#define v_elseif(...)                                                          \
  tw_condition.otherwise();                                                    \
  tw_condition.when(__VA_ARGS__);
#define v_else tw_condition.otherwise();
#define v_endif }
#define v_block                                                                \
  {                                                                            \
    ::sfpi::impl_::CC tw_condition;
#define v_and(...) tw_condition.narrow(__VA_ARGS__)
#define v_endblock }
