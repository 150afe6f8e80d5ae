//===- ExactMatrix.h - the matrix unit bit for bit --------------*- C++ -*-===//
//
// What the multiplier array does in one phase, as published by the makers of
// ttsim and checked against it there:
//
//  1. A product of a 5-bit slice of SrcA and a 7-bit slice of SrcB has a 12-bit
//     mantissa and exponent ea + eb - 127, less 5 in phases of SrcA's low slice
//     and 7 in those of SrcB's. A zero operand gives zero.
//  2. Sixteen products make two groups of eight. A group is aligned to its
//     largest exponent, rounding half up in the last of the 12 bits, and
//     summed.
//  3. Both sums and DST are aligned to the largest exponent at 24 bits, half up
//     (toward plus infinity for the sums); a 16-bit DST first rounds the low 13
//     bits of each away. They are added.
//  4. The sum is normalised and rounded half up to 24 bits, 8 (bfloat16) or 11
//     (fp16). Exponents of zero and less give zero; overflow gives infinity, or
//     the largest fp16.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_NUMERICS_EXACTMATRIX_H
#define TILEWRIGHT_SIMULATOR_NUMERICS_EXACTMATRIX_H

#include "Numerics/MatrixUnit.h"

namespace tilewright::sim {

/// The operations of MatrixUnit in exact mode.
struct ExactMatrix {
  explicit ExactMatrix(const MatrixUnit &unit);

  void matmul(float *dst, const float *srcB, const float *srcA) const;
  /// MatrixUnit::pool; `srcB` has the scalers in row 0.
  void pool(float *dst, const float *srcB, const float *srcA,
            uint32_t half) const;
  void mul(const float *a, const float *b, float *dst, bool accumulate) const;
  /// a + b, or a - b when `negate`.
  void add(const float *a, const float *b, float *dst, bool negate,
           bool accumulate) const;

private:
  /// A sum with its exponent on the way to DST, 25 bits and more.
  struct Term {
    bool negative = false;
    int32_t exponent = 0;
    uint32_t mantissa = 0;
  };
  /// Src operands of one phase: signs, exponents and sliced mantissas.
  struct Slices {
    int32_t exponent[TileElements];
    int32_t mantissa[TileElements]; ///< 0: the whole operand is zero
    uint8_t negative[TileElements];
    uint8_t zero[TileElements];
  };

  void slice(const float *tile, bool srcA, uint32_t phase, Slices &out) const;
  int32_t productBias(uint32_t phase) const;
  int32_t zeroExponent(uint32_t phase) const;
  Term group(const Slices &left, const Slices &right, uint32_t row,
             uint32_t col, uint32_t k, uint32_t phase) const;
  float accumulate(Term first, Term second, float dst) const;

  bool wide;
  bool shortExponent;
  bool wormhole;
  uint32_t phases;
  /// Exponent that stands for zero: DST of fp16 has 5 exponent bits.
  int32_t floor;
};

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_NUMERICS_EXACTMATRIX_H
