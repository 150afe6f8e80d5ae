//===- sfpi.h - programs for the vector unit --------------------*- C++ -*-===//
//
// What a kernel's own functions of the vector unit are written in: vectors
// (tilewright/vector_types.h), DST as `dst_reg`, constants, and the functions
// on bits of floats. Only the MATH thread has it.
//
// dst_reg[i] is four rows of eight datums: a face of a tile is eight vectors,
// of rows 0-3, 4-7, ... with their even columns in the even vectors and their
// odd ones in the odd vectors; lane l is row l / 8 of the four, and column 2 *
// (l % 8) or the one after it. A tile is 32 vectors.
//
//===----------------------------------------------------------------------===//
#pragma once

#ifdef TRISC_MATH

#include "tilewright/vector_types.h"

#define sfpi_inline inline __attribute__((always_inline))

namespace sfpi {

//===----------------------------------------------------------------------===//
// DST
//===----------------------------------------------------------------------===//

namespace impl_ {
/// What dst_reg[0] is: the vector that the calls' face, and `++`, have reached.
inline uint32_t dstBase = 0;

FORCE_INLINE Bits load(uint32_t index, TwLoc loc) {
  Bits words;
  tw_api->sfpuLoad(dstBase + index, reinterpret_cast<uint32_t *>(&words),
                   cycles + 1, loc);
  cycles = 0;
  return words;
}
FORCE_INLINE void store(uint32_t index, Bits words, bool integer, TwLoc loc) {
  tw_api->sfpuStore(dstBase + index, reinterpret_cast<const uint32_t *>(&words),
                    reinterpret_cast<const uint32_t *>(&on), integer,
                    cycles + 1, loc);
  cycles = 0;
}

/// A vector of DST.
class DstVector {
public:
  DstVector(uint32_t index, TwLoc loc) : index(index), loc(loc) {}
  DstVector(const DstVector &) = default;
  operator vFloat() const { return vFloat(load(index, loc)); }
  operator vInt() const { return vInt(load(index, loc)); }
  operator vUInt() const { return vUInt(load(index, loc)); }
  vFloat operator=(vFloat value) const {
    store(index, value.word, false, loc);
    return value;
  }
  vInt operator=(vInt value) const {
    store(index, value.word, true, loc);
    return value;
  }
  vUInt operator=(vUInt value) const {
    store(index, value.word, true, loc);
    return value;
  }
  vFloat operator=(const Product &value) const {
    return *this = static_cast<const vFloat &>(value);
  }
  vFloat operator=(const DstVector &other) const {
    return *this = vFloat(other);
  }
  vFloat operator=(float value) const { return *this = vFloat(value); }
  vInt operator=(int value) const { return *this = vInt(value); }
  vUInt operator=(uint32_t value) const { return *this = vUInt(value); }

private:
  uint32_t index;
  TwLoc loc;
};

class DstFile {
public:
  /// Where the subscript stands comes with its conversion.
  struct Index {
    uint32_t value;
    TwLoc loc;
    Index(int value, TwLoc loc = TwLoc::here())
        : value(static_cast<uint32_t>(value)), loc(loc) {}
    Index(uint32_t value, TwLoc loc = TwLoc::here()) : value(value), loc(loc) {}
    Index(long value, TwLoc loc = TwLoc::here())
        : value(static_cast<uint32_t>(value)), loc(loc) {}
    Index(unsigned long value, TwLoc loc = TwLoc::here())
        : value(static_cast<uint32_t>(value)), loc(loc) {}
  };
  DstVector operator[](Index index) const { return {index.value, index.loc}; }
  void operator++(int) const { ++cycles, ++dstBase; }
  void operator++() const { ++cycles, ++dstBase; }
  void operator+=(int vectors) const {
    ++cycles;
    dstBase += static_cast<uint32_t>(vectors);
  }
};

#define TW_SFPI_DST(op)                                                        \
  FORCE_INLINE auto operator op(DstVector a, DstVector b) {                    \
    return vFloat(a) op vFloat(b);                                             \
  }                                                                            \
  FORCE_INLINE auto operator op(DstVector a, float b) {                        \
    return vFloat(a) op vFloat(b);                                             \
  }                                                                            \
  FORCE_INLINE auto operator op(float a, DstVector b) {                        \
    return vFloat(a) op vFloat(b);                                             \
  }
TW_SFPI_DST(+)
TW_SFPI_DST(-)
TW_SFPI_DST(*)
TW_SFPI_DST(<)
TW_SFPI_DST(>)
TW_SFPI_DST(<=)
TW_SFPI_DST(>=)
TW_SFPI_DST(==)
TW_SFPI_DST(!=)
#undef TW_SFPI_DST
FORCE_INLINE vFloat operator-(DstVector a) { return -vFloat(a); }
} // namespace impl_

inline constexpr impl_::DstFile dst_reg;

//===----------------------------------------------------------------------===//
// Constants and registers
//===----------------------------------------------------------------------===//

namespace impl_ {
struct FloatConstant {
  float value;
  operator vFloat() const { return vFloat(value); }
};
inline Bits programmed[3] = {Bits(0u), Bits(0u), Bits(0u)};
/// One of three registers for constants, seen as floats or as integers.
template <uint32_t Index, typename Vector> struct ProgrammedConstant {
  operator Vector() const { return Vector(programmed[Index]); }
  void operator=(Vector value) const {
    cycles += 3;
    programmed[Index] = value.word;
  }
};
inline Bits registers[8] = {Bits(0u), Bits(0u), Bits(0u), Bits(0u),
                            Bits(0u), Bits(0u), Bits(0u), Bits(0u)};
struct Register {
  uint32_t index;
  operator vFloat() const { return vFloat(registers[index]); }
  operator vInt() const { return vInt(registers[index]); }
  operator vUInt() const { return vUInt(registers[index]); }
  void operator=(const vVal &value) const {
    registers[index] = select(on, value.word, registers[index]);
  }
};
struct LaneNumbers {
  operator vInt() const {
    Bits numbers;
    for (uint32_t lane = 0; lane < 32; ++lane)
      numbers[lane] = 2 * lane;
    return vInt(numbers);
  }
};
} // namespace impl_

inline constexpr impl_::FloatConstant vConst0{0.0f};
inline constexpr impl_::FloatConstant vConst1{1.0f};
inline constexpr impl_::FloatConstant vConstNeg1{-1.0f};
inline constexpr impl_::FloatConstant vConst0p8373{0.8373f};
/// Twice the number of the lane.
inline constexpr impl_::LaneNumbers vConstTileId;
inline constexpr impl_::ProgrammedConstant<0, vFloat> vConstFloatPrgm0;
inline constexpr impl_::ProgrammedConstant<1, vFloat> vConstFloatPrgm1;
inline constexpr impl_::ProgrammedConstant<2, vFloat> vConstFloatPrgm2;
inline constexpr impl_::ProgrammedConstant<0, vInt> vConstIntPrgm0;
inline constexpr impl_::ProgrammedConstant<1, vInt> vConstIntPrgm1;
inline constexpr impl_::ProgrammedConstant<2, vInt> vConstIntPrgm2;

enum class LRegs : uint32_t {
  LReg0,
  LReg1,
  LReg2,
  LReg3,
  LReg4,
  LReg5,
  LReg6,
  LReg7
};
namespace impl_ {
struct RegisterFile {
  Register operator[](LRegs index) const {
    return {static_cast<uint32_t>(index)};
  }
};
} // namespace impl_
inline constexpr impl_::RegisterFile l_reg;

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

//===----------------------------------------------------------------------===//
// Tables of straight lines
//===----------------------------------------------------------------------===//

namespace impl_ {
/// An 8-bit coefficient: sign, exponent -0..-7, four bits of mantissa; ff is
/// zero.
FORCE_INLINE float short8(uint32_t byte) {
  if ((byte & 255u) == 255u)
    return 0.0f;
  return __builtin_bit_cast(float, (byte & 128u) << 24 |
                                       (127u - (byte >> 4 & 7u)) << 23 |
                                       (byte & 15u) << 19);
}
/// An fp16 coefficient whose exponent 31 means zero.
FORCE_INLINE float short16(uint32_t half) {
  const uint32_t exponent = half >> 10 & 31u;
  return __builtin_bit_cast(
      float, (half & 0x8000u) << 16 |
                 (exponent == 31u ? 0u : (exponent + 112u) << 23) |
                 (half & 0x3ffu) << 13);
}
/// |x| * a + b with the line of x's piece; the sign of x on request.
template <typename Line>
FORCE_INLINE vFloat lines(vFloat x, bool keepsSign, Line line) {
  cycles += 2;
  Floats slope, offset;
  const Bits size = x.word & 0x7fffffffu;
  for (uint32_t lane = 0; lane < 32; ++lane) {
    const auto [a, b] = line(lane, floats(size)[lane]);
    slope[lane] = a;
    offset[lane] = b;
  }
  const vFloat value = (vFloat(bits(slope)) * vFloat(size)).plus(offset, false);
  return keepsSign ? copysgn(value, x) : value;
}
struct Pair {
  float a, b;
};
} // namespace impl_

/// Pieces below 1, below 2 and above; slope and offset of 8 bits in one word.
FORCE_INLINE vFloat lut(vFloat x, vUInt l0, vUInt l1, vUInt l2) {
  return impl_::lines(x, true, [&](uint32_t lane, float size) -> impl_::Pair {
    const uint32_t word = size < 1.0f   ? l0.word[lane]
                          : size < 2.0f ? l1.word[lane]
                                        : l2.word[lane];
    return {impl_::short8(word >> 8), impl_::short8(word)};
  });
}
FORCE_INLINE vFloat lut_sign(vFloat x, vUInt l0, vUInt l1, vUInt l2) {
  return impl_::lines(x, false, [&](uint32_t lane, float size) -> impl_::Pair {
    const uint32_t word = size < 1.0f   ? l0.word[lane]
                          : size < 2.0f ? l1.word[lane]
                                        : l2.word[lane];
    return {impl_::short8(word >> 8), impl_::short8(word)};
  });
}
namespace impl_ {
/// The same pieces with slope and offset of 16 bits.
FORCE_INLINE vFloat lines3(vFloat x, bool keepsSign, vUInt l0, vUInt l1,
                           vUInt l2) {
  return lines(x, keepsSign, [&](uint32_t lane, float size) -> Pair {
    const uint32_t word = size < 1.0f   ? l0.word[lane]
                          : size < 2.0f ? l1.word[lane]
                                        : l2.word[lane];
    return {short16(word >> 16), short16(word & 0xffffu)};
  });
}
/// Three pieces in fp32.
FORCE_INLINE vFloat lines3(vFloat x, bool keepsSign, vFloat a0, vFloat a1,
                           vFloat a2, vFloat b0, vFloat b1, vFloat b2) {
  return lines(x, keepsSign, [&](uint32_t lane, float size) -> Pair {
    const vFloat &a = size < 1.0f ? a0 : size < 2.0f ? a1 : a2;
    const vFloat &b = size < 1.0f ? b0 : size < 2.0f ? b1 : b2;
    return {floats(a.word)[lane], floats(b.word)[lane]};
  });
}
/// Six pieces with ends at 0.5, 1, 1.5, 2 and 3 (4 in the second mode).
FORCE_INLINE vFloat lines6(vFloat x, bool keepsSign, vUInt a01, vUInt a23,
                           vUInt a45, vUInt b01, vUInt b23, vUInt b45,
                           int mode) {
  const float last = mode == 1 ? 3.0f : 4.0f;
  return lines(x, keepsSign, [&](uint32_t lane, float size) -> Pair {
    const vUInt &a = size < 1.0f ? a01 : size < 2.0f ? a23 : a45;
    const vUInt &b = size < 1.0f ? b01 : size < 2.0f ? b23 : b45;
    const bool upper = size < 1.0f   ? size >= 0.5f
                       : size < 2.0f ? size >= 1.5f
                                     : size >= last;
    const uint32_t shift = upper ? 16 : 0;
    return {short16(a.word[lane] >> shift & 0xffffu),
            short16(b.word[lane] >> shift & 0xffffu)};
  });
}
} // namespace impl_
FORCE_INLINE vFloat lut2(vFloat x, vUInt l0, vUInt l1, vUInt l2) {
  return impl_::lines3(x, true, l0, l1, l2);
}
FORCE_INLINE vFloat lut2_sign(vFloat x, vUInt l0, vUInt l1, vUInt l2) {
  return impl_::lines3(x, false, l0, l1, l2);
}
FORCE_INLINE vFloat lut2(vFloat x, vFloat a0, vFloat a1, vFloat a2, vFloat b0,
                         vFloat b1, vFloat b2) {
  return impl_::lines3(x, true, a0, a1, a2, b0, b1, b2);
}
FORCE_INLINE vFloat lut2_sign(vFloat x, vFloat a0, vFloat a1, vFloat a2,
                              vFloat b0, vFloat b1, vFloat b2) {
  return impl_::lines3(x, false, a0, a1, a2, b0, b1, b2);
}
FORCE_INLINE vFloat lut2(vFloat x, vUInt a01, vUInt a23, vUInt a45, vUInt b01,
                         vUInt b23, vUInt b45, int mode = 1) {
  return impl_::lines6(x, true, a01, a23, a45, b01, b23, b45, mode);
}
FORCE_INLINE vFloat lut2_sign(vFloat x, vUInt a01, vUInt a23, vUInt a45,
                              vUInt b01, vUInt b23, vUInt b45, int mode = 1) {
  return impl_::lines6(x, false, a01, a23, a45, b01, b23, b45, mode);
}

//===----------------------------------------------------------------------===//
// Between vectors and between lanes
//===----------------------------------------------------------------------===//

namespace impl_ {
template <typename Vector>
FORCE_INLINE void exchange(Vector &a, Vector &b, Bits where) {
  cycles += 2;
  const Bits turned = where & on;
  const Bits first = select(turned, b.word, a.word);
  b.word = select(turned, a.word, b.word);
  a.word = first;
}
/// Order of sign and magnitude, which orders floats, too.
FORCE_INLINE Ints order(Bits word) {
  return ints(word ^ (bits(ints(word) < 0) & 0x7fffffffu));
}
} // namespace impl_
template <typename Vector> FORCE_INLINE void vec_swap(Vector &a, Vector &b) {
  impl_::exchange(a, b, impl_::Bits(~0u));
}
/// Afterwards `a` holds the smaller value of each lane, `b` the larger one.
template <typename Vector> FORCE_INLINE void vec_min_max(Vector &a, Vector &b) {
  impl_::exchange(a, b,
                  impl_::bits(impl_::order(a.word) > impl_::order(b.word)));
}
template <typename Vector> FORCE_INLINE void vec_max_min(Vector &a, Vector &b) {
  impl_::exchange(a, b,
                  impl_::bits(impl_::order(a.word) < impl_::order(b.word)));
}
/// Rows of eight lanes of four vectors, transposed.
template <typename Vector>
FORCE_INLINE void subvec_transp(Vector &a, Vector &b, Vector &c, Vector &d) {
  ++impl_::cycles;
  Vector *const all[] = {&a, &b, &c, &d};
  const impl_::Bits before[] = {a.word, b.word, c.word, d.word};
  for (uint32_t row = 0; row < 4; ++row)
    for (uint32_t from = 0; from < 4; ++from)
      for (uint32_t lane = 0; lane < 8; ++lane)
        all[row]->word[from * 8 + lane] = before[from][row * 8 + lane];
}
/// Each row of eight lanes, turned to the right by one.
template <typename Vector> FORCE_INLINE Vector subvec_shflror1(Vector x) {
  ++impl_::cycles;
  impl_::Bits turned;
  for (uint32_t lane = 0; lane < 32; ++lane)
    turned[lane] = x.word[lane % 8 == 0 ? lane + 7 : lane - 1];
  return Vector(turned);
}

} // namespace sfpi

// The vendor's headers bring these names to every compute kernel.
using namespace sfpi;

#endif // TRISC_MATH
