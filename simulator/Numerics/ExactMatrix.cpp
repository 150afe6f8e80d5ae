//===- ExactMatrix.cpp - the matrix unit bit for bit ----------------------===//
//
// All exponents are biased by 127, fp16 operands' too.
//
//===----------------------------------------------------------------------===//

#include "Numerics/ExactMatrix.h"

#include <algorithm>
#include <bit>

namespace tilewright::sim {
namespace {

constexpr int32_t kBias = 127;
/// fp16 exponents are biased by 15.
constexpr int32_t kShortOffset = kBias - 15;
constexpr uint32_t kLaneShift = 13; ///< from 12-bit products to 25-bit terms
constexpr uint32_t kNarrowBits = 13;

/// `value` >> `places`, the last of the lost bits rounded half up; with `down`,
/// half down.
uint32_t shiftRight(uint32_t value, int32_t places, bool down) {
  if (places <= 0)
    return value;
  if (places >= 31)
    return 0;
  return (value + (1u << (places - 1)) - (down ? 1u : 0u)) >> places;
}

/// Rounds the low bits away that a 16-bit DST has no room for.
uint32_t narrow(uint32_t value, bool down) {
  constexpr uint32_t kHalf = 1u << (kNarrowBits - 1);
  return (value + kHalf - (down ? 1u : 0u)) & ~((1u << kNarrowBits) - 1);
}

} // namespace

ExactMatrix::ExactMatrix(const MatrixUnit &unit)
    : wide(unit.wide), shortExponent(unit.shortExponent),
      wormhole(unit.wormhole), phases(unit.phases),
      floor(unit.shortExponent && !unit.wide ? kShortOffset : 0) {}

int32_t ExactMatrix::productBias(uint32_t phase) const {
  return -kBias - (phase & 1 ? 5 : 0) - (phase & 2 ? 7 : 0);
}

/// The exponent that a zero product takes part in alignment with.
int32_t ExactMatrix::zeroExponent(uint32_t phase) const {
  if (!shortExponent)
    return 0;
  if (!wide)
    return kShortOffset;
  // The sum of two short exponents, rebiased, with both fields zero.
  return productBias(phase) + 2 * kShortOffset;
}

void ExactMatrix::slice(const float *tile, bool srcA, uint32_t phase,
                        Slices &out) const {
  const bool low = phase & (srcA ? 1 : 2);
  for (uint32_t i = 0; i < TileElements; ++i) {
    const uint32_t bits = std::bit_cast<uint32_t>(tile[i]);
    const uint32_t mantissa = (bits >> 13 & 0x3ffu) | 0x400u;
    out.negative[i] = bits >> 31;
    out.exponent[i] = int32_t(bits >> 23 & 0xffu);
    out.zero[i] = out.exponent[i] == 0;
    if (srcA)
      out.mantissa[i] = low ? mantissa >> 1 & 31u : mantissa >> 6;
    else
      out.mantissa[i] = low ? (mantissa & 15u) << 3 : mantissa >> 4;
  }
}

ExactMatrix::Term ExactMatrix::group(const Slices &left, const Slices &right,
                                     uint32_t row, uint32_t col, uint32_t k,
                                     uint32_t phase) const {
  constexpr uint32_t kGroup = 8;
  const int32_t bias = productBias(phase), zero = zeroExponent(phase);
  int32_t exponents[kGroup];
  int32_t products[kGroup];
  int32_t largest = zero - 1024;
  for (uint32_t i = 0; i < kGroup; ++i) {
    const uint32_t b = row * 32 + k + i, a = (k + i) * 32 + col;
    const bool none = left.zero[b] || right.zero[a];
    exponents[i] = none ? zero : left.exponent[b] + right.exponent[a] + bias;
    const int32_t product = left.mantissa[b] * right.mantissa[a];
    products[i] = none                                    ? 0
                  : left.negative[b] != right.negative[a] ? -product
                                                          : product;
    largest = std::max(largest, exponents[i]);
  }
  if (largest <= floor)
    return {false, floor, 0};
  int32_t sum = 0;
  for (uint32_t i = 0; i < kGroup; ++i) {
    const uint32_t size = uint32_t(std::abs(products[i]));
    const uint32_t aligned = shiftRight(size, largest - exponents[i], false);
    sum += products[i] < 0 ? -int32_t(aligned) : int32_t(aligned);
  }
  return {sum < 0, largest, uint32_t(std::abs(sum)) << kLaneShift};
}

float ExactMatrix::accumulate(Term first, Term second, float dst) const {
  const uint32_t bits = std::bit_cast<uint32_t>(dst);
  Term old{bool(bits >> 31), int32_t(bits >> 23 & 0xffu),
           (bits & 0x7fffffu) | 0x800000u};
  if (old.exponent == 0) {
    old.exponent = floor;
    old.mantissa = 0;
  }
  int32_t exponent = std::max({first.exponent, second.exponent, old.exponent});
  if (exponent <= floor)
    return 0;
  int32_t sum = 0;
  for (Term *term : {&first, &second, &old}) {
    const bool down = term != &old && term->negative;
    uint32_t m = shiftRight(term->mantissa, exponent - term->exponent, down);
    if (!wide)
      m = narrow(m, down);
    sum += term->negative == old.negative ? int32_t(m) : -int32_t(m);
  }
  const bool negative = sum < 0 ? !old.negative : old.negative;
  uint32_t m = uint32_t(std::abs(sum));
  if (m == 0)
    return 0;
  int32_t shift = std::countl_zero(m) - 8;
  // Wormhole counts the leading signs of -1 as all of the word.
  if (wormhole && negative && m == 1)
    shift -= 27;
  exponent -= shift;
  const int32_t dropped = wide ? 0 : shortExponent ? 13 : 16;
  shift -= dropped;
  m = shift < 0 ? shiftRight(m, -shift, false) : m << shift;
  m <<= dropped;
  if (m & 0x1000000u)
    ++exponent;
  const uint32_t sign = negative ? 0x80000000u : 0u;
  if (exponent <= floor)
    return 0;
  if (!wide && shortExponent && exponent >= kShortOffset + 32)
    return std::bit_cast<float>(sign | uint32_t(kShortOffset + 31) << 23 |
                                0x3ffu << 13);
  if (exponent >= 255)
    return std::bit_cast<float>(sign | 0x7f800000u);
  return std::bit_cast<float>(sign | uint32_t(exponent) << 23 |
                              (m & 0x7fffffu));
}

void ExactMatrix::matmul(float *dst, const float *srcB,
                         const float *srcA) const {
  Slices left, right;
  for (uint32_t phase = 0; phase < phases; ++phase) {
    slice(srcB, false, phase, left);
    slice(srcA, true, phase, right);
    for (uint32_t k = 0; k < 32; k += 16)
      for (uint32_t row = 0; row < 32; ++row)
        for (uint32_t col = 0; col < 32; ++col) {
          float &out = dst[row * 32 + col];
          out = accumulate(group(left, right, row, col, k, phase),
                           group(left, right, row, col, k + 8, phase), out);
        }
  }
}

void ExactMatrix::pool(float *dst, const float *srcB, const float *srcA,
                       uint32_t half) const {
  Slices left, right;
  const uint32_t k = 16 * half;
  for (uint32_t phase = 0; phase < phases; ++phase) {
    slice(srcB, false, phase, left);
    slice(srcA, true, phase, right);
    for (uint32_t col = 0; col < 32; ++col)
      dst[col] = accumulate(group(left, right, 0, col, k, phase),
                            group(left, right, 0, col, k + 8, phase), dst[col]);
  }
}

void ExactMatrix::mul(const float *a, const float *b, float *dst,
                      bool accumulates) const {
  if (!accumulates)
    std::fill_n(dst, TileElements, 0.0f);
  Slices left, right;
  for (uint32_t phase = 0; phase < phases; ++phase) {
    slice(a, true, phase, left);
    slice(b, false, phase, right);
    for (uint32_t i = 0; i < TileElements; ++i) {
      Term term{left.negative[i] != right.negative[i],
                left.exponent[i] + right.exponent[i] + productBias(phase),
                uint32_t(left.mantissa[i] * right.mantissa[i]) << kLaneShift};
      if (left.zero[i] || right.zero[i] || term.exponent <= floor)
        term = {false, std::max(zeroExponent(phase), floor), 0};
      dst[i] = accumulate(term, {false, floor, 0}, dst[i]);
    }
  }
}

void ExactMatrix::add(const float *a, const float *b, float *dst, bool negate,
                      bool accumulates) const {
  for (uint32_t i = 0; i < TileElements; ++i) {
    uint32_t large = std::bit_cast<uint32_t>(a[i]);
    uint32_t small = std::bit_cast<uint32_t>(b[i]) ^ (negate ? 1u << 31 : 0u);
    if ((large & 0x7fffffffu) < (small & 0x7fffffffu))
      std::swap(large, small);
    auto mantissa = [](uint32_t word) {
      return word & 0x7f800000u ? (word >> 13 & 0x3ffu) | 0x400u : 0u;
    };
    const int32_t exponent = int32_t(large >> 23 & 0xffu);
    const uint32_t other = shiftRight(
        mantissa(small), exponent - int32_t(small >> 23 & 0xffu), false);
    const bool same = large >> 31 == small >> 31;
    Term term{bool(large >> 31), exponent ? exponent : zeroExponent(0),
              (same ? mantissa(large) + other : mantissa(large) - other)
                  << kLaneShift};
    dst[i] = accumulate(term, {false, floor, 0}, accumulates ? dst[i] : 0.0f);
  }
}

} // namespace tilewright::sim
