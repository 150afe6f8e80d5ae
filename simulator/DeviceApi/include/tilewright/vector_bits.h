//===- vector_bits.h - bits and conversions of vectors ----------*- C++ -*-===//
//
// Exponents, mantissas and signs of floats as integers, shifts, and conversions
// between the formats of a lane. Part of sfpi.h.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/vector_types.h"

namespace sfpi {

//===----------------------------------------------------------------------===//
// Bits of floats
//===----------------------------------------------------------------------===//

template <typename Vector> FORCE_INLINE Vector reinterpret(impl_::vVal value) {
  return Vector(value.word);
}
template <typename Vector> FORCE_INLINE Vector as(impl_::vVal value) {
  return Vector(value.word);
}

enum class ExponentMode { Debias, NoDebias };
/// The exponent, without its bias of 127 unless said otherwise.
FORCE_INLINE vInt exexp(vFloat x, ExponentMode mode = ExponentMode::Debias) {
  ++impl_::cycles;
  const impl_::Bits raw = x.word >> 23 & 255u;
  return vInt(mode == ExponentMode::Debias ? impl_::Bits(raw - 127u) : raw);
}
FORCE_INLINE vInt exexp_nodebias(vFloat x) {
  return exexp(x, ExponentMode::NoDebias);
}
enum class MantissaMode {
  FractionOnly,
  WithUnitBit,
  ImplicitOne = WithUnitBit
};
/// The 23 mantissa bits, with the hidden bit when asked for.
FORCE_INLINE vInt exman(vFloat x,
                        MantissaMode mode = MantissaMode::FractionOnly) {
  ++impl_::cycles;
  const impl_::Bits fraction = x.word & 0x7fffffu;
  return vInt(mode == MantissaMode::WithUnitBit
                  ? impl_::Bits(fraction | 0x800000u)
                  : fraction);
}
FORCE_INLINE vInt exman8(vFloat x) {
  return exman(x, MantissaMode::WithUnitBit);
}
FORCE_INLINE vInt exman9(vFloat x) { return exman(x); }
/// The low eight bits of `exponent` become the exponent, with its bias.
FORCE_INLINE vFloat setexp(vFloat x, impl_::vVal exponent) {
  ++impl_::cycles;
  return vFloat((x.word & 0x807fffffu) | (exponent.word & 255u) << 23);
}
FORCE_INLINE vFloat setexp(vFloat x, int exponent) {
  return setexp(x, vInt(exponent));
}
FORCE_INLINE vFloat setexp(vFloat x, uint32_t exponent) {
  return setexp(x, vInt(exponent));
}
FORCE_INLINE vFloat copyexp(vFloat x, vFloat from) {
  ++impl_::cycles;
  return vFloat((x.word & 0x807fffffu) | (from.word & 0x7f800000u));
}
FORCE_INLINE vFloat setman(vFloat x, impl_::vVal mantissa) {
  ++impl_::cycles;
  return vFloat((x.word & 0xff800000u) | (mantissa.word & 0x7fffffu));
}
FORCE_INLINE vFloat setman(vFloat x, int mantissa) {
  return setman(x, vInt(mantissa));
}
/// x * 2^by; a zero stays one, an exponent that leaves its range wraps.
FORCE_INLINE vFloat addexp(vFloat x, int by) {
  ++impl_::cycles;
  const impl_::Bits exponent =
      (x.word & 0x7f800000u) + (static_cast<uint32_t>(by) << 23);
  const impl_::Bits moved = (x.word & 0x807fffffu) | (exponent & 0x7f800000u);
  return vFloat(
      impl_::select(impl_::bits((x.word & 0x7f800000u) != 0u), moved, x.word));
}
template <typename Vector>
  requires __is_base_of
(impl_::vVal, Vector) FORCE_INLINE Vector copysgn(Vector x, impl_::vVal from) {
  ++impl_::cycles;
  return Vector((x.word & 0x7fffffffu) | (from.word & 0x80000000u));
}
template <typename Vector>
  requires __is_base_of
(impl_::vVal, Vector) FORCE_INLINE Vector setsgn(Vector x, impl_::vVal from) {
  return copysgn(x, from);
}
template <typename Vector, typename S>
  requires __is_base_of
(impl_::vVal, Vector) && __is_integral(S) FORCE_INLINE Vector
    setsgn(Vector x, S sign) {
  ++impl_::cycles;
  return Vector((x.word & 0x7fffffffu) | (static_cast<uint32_t>(sign) & 1u)
                                             << 31);
}
FORCE_INLINE vFloat abs(vFloat x) {
  ++impl_::cycles;
  return vFloat(x.word & 0x7fffffffu);
}
FORCE_INLINE vInt abs(vInt x) {
  ++impl_::cycles;
  return vInt(
      impl_::select(impl_::bits(impl_::ints(x.word) < 0), 0u - x.word, x.word));
}
/// Leading zeros; 32 for zero. The second form looks past the sign.
FORCE_INLINE vInt lz(impl_::vVal x) {
  ++impl_::cycles;
  impl_::Bits count;
  for (uint32_t lane = 0; lane < 32; ++lane)
    count[lane] = x.word[lane] ? __builtin_clz(x.word[lane]) : 32;
  return vInt(count);
}
FORCE_INLINE vInt lz_nosgn(impl_::vVal x) {
  return lz(impl_::vVal(x.word & 0x7fffffffu));
}
/// To the left by positive counts, to the right by negative ones; zeros come
/// in.
FORCE_INLINE vUInt shft(vUInt x, vInt by) {
  ++impl_::cycles;
  impl_::Bits result;
  for (uint32_t lane = 0; lane < 32; ++lane) {
    const auto count = static_cast<int32_t>(by.word[lane]);
    result[lane] = count >= 0 ? x.word[lane] << (count & 31)
                              : x.word[lane] >> (-count & 31);
  }
  return vUInt(result);
}
FORCE_INLINE vUInt shft(vUInt x, int by) { return shft(x, vInt(by)); }
#ifdef ARCH_BLACKHOLE
FORCE_INLINE vInt shft(vInt x, vInt by) {
  ++impl_::cycles;
  impl_::Bits result;
  for (uint32_t lane = 0; lane < 32; ++lane) {
    const auto count = static_cast<int32_t>(by.word[lane]);
    result[lane] =
        count >= 0 ? x.word[lane] << (count & 31)
                   : static_cast<uint32_t>(static_cast<int32_t>(x.word[lane]) >>
                                           (-count & 31));
  }
  return vInt(result);
}
FORCE_INLINE vInt shft(vInt x, int by) { return shft(x, vInt(by)); }
#endif
FORCE_INLINE vUInt operator<<(vUInt x, vUInt by) { return shft(x, vInt(by)); }
FORCE_INLINE vInt operator<<(vInt x, vUInt by) {
  return vInt(shft(vUInt(x), vInt(by)));
}
FORCE_INLINE vUInt operator>>(vUInt x, vUInt by) {
  return shft(x, vInt(0) - vInt(by));
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

/// Stochastic rounding is not simulated: it rounds to nearest.
enum class RoundMode {
  NearestEven,
  Stochastic,
  Zero,
  Even = NearestEven,
  Nearest = NearestEven
};

/// Sign and magnitude to fp32, to nearest even.
FORCE_INLINE vFloat int32_to_float(vInt x, RoundMode = RoundMode::Stochastic) {
  ++impl_::cycles;
  const impl_::Bits magnitude = x.word & 0x7fffffffu;
  const impl_::Floats value =
      __builtin_convertvector(impl_::ints(magnitude), impl_::Floats);
  return vFloat(impl_::bits(value) | (x.word & 0x80000000u));
}
FORCE_INLINE vFloat int32_to_float(vInt x, int) { return int32_to_float(x); }

namespace impl_ {
/// To nearest, away from zero on a tie, keeping the bits of `mask`.
FORCE_INLINE Bits roundAway(Bits word, uint32_t half, uint32_t mask) {
  const Bits finite = bits((word & 0x7f800000u) != 0x7f800000u);
  return flush(select(finite, (word + half) & mask, word & 0xff800000u));
}
/// Magnitude to nearest, up on a tie, at most `largest`; fp32 in.
FORCE_INLINE Bits magnitude(vFloat x, uint32_t largest) {
  cycles += 1;
  Bits result;
  const Floats value = floats(x.word & 0x7fffffffu);
  for (uint32_t lane = 0; lane < 32; ++lane)
    result[lane] = value[lane] < static_cast<float>(largest)
                       ? static_cast<uint32_t>(value[lane] + 0.5f)
                       : largest;
  return result;
}
FORCE_INLINE Bits withSign(Bits magnitude, vFloat from) {
  return magnitude | (bits(magnitude != 0u) & from.word & 0x80000000u);
}
} // namespace impl_

FORCE_INLINE vFloat float_to_fp16b(vFloat x,
                                   RoundMode = RoundMode::Stochastic) {
  ++impl_::cycles;
  return vFloat(impl_::roundAway(x.word, 0x8000u, 0xffff0000u));
}
FORCE_INLINE vFloat float_to_fp16b(vFloat x, int) { return float_to_fp16b(x); }
FORCE_INLINE vFloat float_to_fp16a(vFloat x,
                                   RoundMode = RoundMode::Stochastic) {
  ++impl_::cycles;
  const impl_::Bits rounded = impl_::roundAway(x.word, 0x1000u, 0xffffe000u);
  // Exponents -14 to 16: below is zero, above the largest number.
  const impl_::Bits magnitude = rounded & 0x7fffffffu;
  const impl_::Bits small = impl_::bits(magnitude < 0x38800000u);
  const impl_::Bits large = impl_::bits(magnitude > 0x47ffe000u);
  const impl_::Bits sign = x.word & 0x80000000u;
  return vFloat(
      impl_::select(small, impl_::Bits(0u),
                    impl_::select(large, sign | 0x47ffe000u, rounded)));
}
FORCE_INLINE vFloat float_to_fp16a(vFloat x, int) { return float_to_fp16a(x); }
/// What is negative becomes zero without a sign; with one, the result is sign
/// and magnitude.
FORCE_INLINE vUInt float_to_uint16(vFloat x,
                                   RoundMode = RoundMode::Stochastic) {
  return vUInt(impl_::magnitude(x, 65535));
}
FORCE_INLINE vUInt float_to_uint8(vFloat x, RoundMode = RoundMode::Stochastic) {
  return vUInt(impl_::magnitude(x, 255));
}
FORCE_INLINE vInt float_to_int16(vFloat x, RoundMode = RoundMode::Stochastic) {
  return vInt(impl_::withSign(impl_::magnitude(x, 32767), x));
}
FORCE_INLINE vInt float_to_int8(vFloat x, RoundMode = RoundMode::Stochastic) {
  return vInt(impl_::withSign(impl_::magnitude(x, 127), x));
}
FORCE_INLINE vUInt float_to_uint16(vFloat x, int) { return float_to_uint16(x); }
FORCE_INLINE vInt float_to_int16(vFloat x, int) { return float_to_int16(x); }
FORCE_INLINE vUInt float_to_uint8(vFloat x, int) { return float_to_uint8(x); }
FORCE_INLINE vInt float_to_int8(vFloat x, int) { return float_to_int8(x); }

} // namespace sfpi
