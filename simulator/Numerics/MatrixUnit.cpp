//===- MatrixUnit.cpp - arithmetic of the matrix unit ---------------------===//

#include "Numerics/MatrixUnit.h"
#include "Numerics/ExactMatrix.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>

namespace tilewright::sim {
namespace {

/// The slices of both operands that the multiplier sees, phase by phase.
struct PhaseSlices {
  alignas(64) float aHigh[TileElements], aLow[TileElements];
  alignas(64) float bHigh[TileElements], bLow[TileElements];

  PhaseSlices(const TileOps &ops, const float *a, const float *b,
              uint32_t phases) {
    ops.mask(a, aHigh, MaskSrcAHigh);
    ops.mask(b, bHigh, MaskSrcBHigh);
    if (phases > 1) {
      ops.mask(a, aLow, MaskSrcAFull);
      ops.sub(aLow, aHigh, aLow, false);
    }
    if (phases > 2)
      ops.sub(b, bHigh, bLow, false);
  }
  const float *a(uint32_t phase) const { return phase & 1 ? aLow : aHigh; }
  const float *b(uint32_t phase) const { return phase & 2 ? bLow : bHigh; }
};

constexpr uint32_t kSign = 0x80000000u;
constexpr int64_t kLargest = 0x7fffffff;

int64_t integerOf(float word) {
  const uint32_t bits = std::bit_cast<uint32_t>(word);
  const int64_t size = bits & ~kSign;
  return bits & kSign ? -size : size;
}
float wordOf(int64_t value) {
  const int64_t held = std::clamp(value, -kLargest, kLargest);
  return std::bit_cast<float>(uint32_t(std::abs(held)) |
                              (held < 0 ? kSign : 0u));
}

/// Integer slices as floats, which hold them exactly: SrcA's upper bits above
/// the low five, SrcB's above the low four.
void integerSlice(const float *words, float *out, bool srcA, bool low) {
  const uint32_t bits = srcA ? 31u : 15u;
  for (uint32_t i = 0; i < TileElements; ++i) {
    const uint32_t word = std::bit_cast<uint32_t>(words[i]);
    const uint32_t size = word & (low ? bits : ~kSign & ~bits);
    out[i] = word & kSign ? -float(size) : float(size);
  }
}

} // namespace

void MatrixUnit::round(float *dst) const {
  if (wide)
    return;
  (shortExponent ? ops.roundFp16 : ops.roundBf16)(dst);
}

void MatrixUnit::matmul(float *dst, const float *srcB,
                        const float *srcA) const {
  if (exact)
    return ExactMatrix(*this).matmul(dst, srcB, srcA);
  if (wide && phases != 3) {
    // All slices together are the operands as they come.
    ops.matmul(dst, srcB, srcA, 0, 32);
    return;
  }
  // Phase by phase, as a 16-bit DST rounds after each, and as HiFi3 drops one
  // of the four partial products.
  const PhaseSlices slices(ops, srcA, srcB, phases);
  alignas(64) float sum[TileElements];
  for (uint32_t phase = 0; phase < phases; ++phase) {
    if (wide) {
      ops.matmul(dst, slices.b(phase), slices.a(phase), 0, 32);
      continue;
    }
    for (uint32_t k = 0; k < 32; k += 16) {
      std::fill_n(sum, TileElements, 0.0f);
      ops.matmul(sum, slices.b(phase), slices.a(phase), k, k + 16);
      (shortExponent ? ops.accumulateFp16 : ops.accumulateBf16)(dst, sum);
    }
  }
}

void MatrixUnit::pool(float *dst, const float *scalers, const float *srcA,
                      uint32_t half) const {
  alignas(64) float left[TileElements] = {}, out[TileElements] = {};
  std::copy_n(scalers, 16, left + 16 * half);
  if (exact)
    return ExactMatrix(*this).pool(dst, left, srcA, half);
  // Row 0 of a product; the others multiply nothing that counts.
  std::copy_n(dst, 32, out);
  const PhaseSlices slices(ops, srcA, left, phases);
  for (uint32_t phase = 0; phase < phases; ++phase) {
    ops.matmul(out, slices.b(phase), slices.a(phase), 16 * half,
               16 * half + 16);
    round(out);
  }
  std::copy_n(out, 32, dst);
}

void MatrixUnit::matmulInteger(float *dst, const float *srcB,
                               const float *srcA) const {
  alignas(64) float left[TileElements], right[TileElements], sum[TileElements];
  for (uint32_t phase = 0; phase < phases; ++phase) {
    integerSlice(srcB, left, false, phase & 2);
    integerSlice(srcA, right, true, phase & 1);
    for (uint32_t k = 0; k < 32; k += 16) {
      std::fill_n(sum, TileElements, 0.0f);
      // Sixteen products below 2^18: exact in fp32.
      ops.matmul(sum, left, right, k, k + 16);
      for (uint32_t i = 0; i < TileElements; ++i)
        dst[i] = wordOf(integerOf(dst[i]) + int64_t(sum[i]));
    }
  }
}

void MatrixUnit::add(const float *a, const float *b, float *dst,
                     bool accumulate) const {
  if (exact)
    return ExactMatrix(*this).add(a, b, dst, false, accumulate);
  ops.add(a, b, dst, accumulate);
  round(dst);
}

void MatrixUnit::sub(const float *a, const float *b, float *dst,
                     bool accumulate) const {
  if (exact)
    return ExactMatrix(*this).add(a, b, dst, true, accumulate);
  ops.sub(a, b, dst, accumulate);
  round(dst);
}

void MatrixUnit::mul(const float *a, const float *b, float *dst,
                     bool accumulate) const {
  if (exact)
    return ExactMatrix(*this).mul(a, b, dst, accumulate);
  if (wide && phases != 3) {
    alignas(64) float left[TileElements], right[TileElements];
    ops.mask(a, left, phases == 1 ? MaskSrcAHigh : MaskSrcAFull);
    ops.mask(b, right, phases < 3 ? MaskSrcBHigh : MaskTf32);
    ops.mul(left, right, dst, accumulate);
    return;
  }
  const PhaseSlices slices(ops, a, b, phases);
  for (uint32_t phase = 0; phase < phases; ++phase) {
    ops.mul(slices.a(phase), slices.b(phase), dst, accumulate || phase > 0);
    round(dst);
  }
}

void MatrixUnit::addInteger(const float *a, const float *b, float *dst,
                            bool negate, bool accumulate) const {
  for (uint32_t i = 0; i < TileElements; ++i) {
    const int64_t second = negate ? -integerOf(b[i]) : integerOf(b[i]);
    dst[i] =
        wordOf(integerOf(a[i]) + second + (accumulate ? integerOf(dst[i]) : 0));
  }
}

void MatrixUnit::mulInteger(const float *a, const float *b, float *dst,
                            bool accumulate) const {
  alignas(64) float left[TileElements], right[TileElements];
  if (!accumulate)
    std::fill_n(dst, TileElements, 0.0f);
  for (uint32_t phase = 0; phase < phases; ++phase) {
    integerSlice(a, left, true, phase & 1);
    integerSlice(b, right, false, phase & 2);
    for (uint32_t i = 0; i < TileElements; ++i)
      dst[i] = wordOf(integerOf(dst[i]) + int64_t(left[i] * right[i]));
  }
}

} // namespace tilewright::sim
