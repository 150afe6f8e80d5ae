//===- vector_tables.h - tables of lines, and moves of lanes ----*- C++ -*-===//
//
// Piecewise linear functions from coefficients in registers, and the moves of
// whole vectors and of lanes. Part of sfpi.h.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/vector_bits.h"

namespace sfpi {

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
