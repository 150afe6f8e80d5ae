//===- MatrixUnit.h - arithmetic of the matrix unit -------------*- C++ -*-===//
//
// Products, sums and pools of tiles in Src, into tiles of DST. A tile is 1024
// words, row-major 32x32: fp32 bits of what a 19-bit Src or a 16- or 32-bit DST
// datum holds, or sign-and-magnitude integers.
//
// Two modes of one model. Fast: the mantissa slices of each fidelity phase are
// multiplied and summed in fp32, and a 16-bit DST rounds after each step of 16
// products. Exact: products of a step are aligned and summed as the unit does
// it, bit for bit (ExactMatrix.h).
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_NUMERICS_MATRIXUNIT_H
#define TILEWRIGHT_SIMULATOR_NUMERICS_MATRIXUNIT_H

#include "Numerics/Tile.h"

namespace tilewright::sim {

struct MatrixUnit {
  const TileOps &ops;
  uint32_t phases = 4;        ///< fidelity phases, 1 to 4
  bool wide = false;          ///< DST has 32 bits
  bool shortExponent = false; ///< fp16 operands; a 16-bit DST holds fp16
  bool exact = false;
  bool wormhole = true; ///< renormalises a sum of -1 as Wormhole does

  /// DST += SrcB * SrcA, where SrcB holds in0 and SrcA in1 of a matmul. In fast
  /// mode the operands may come masked to what the phases see.
  void matmul(float *dst, const float *srcB, const float *srcA) const;
  /// Pools rows [16 * half, 16 * half + 16) of SrcA into the 32 sums of `dst`,
  /// each datum times that of the 16 scalers for its row: one step of GAPOOL.
  void pool(float *dst, const float *scalers, const float *srcA,
            uint32_t half) const;
  /// The same on 8-bit integers into 32-bit ones, saturating at +-(2^31 - 1).
  void matmulInteger(float *dst, const float *srcB, const float *srcA) const;

  /// DST = a + b, a - b or a * b, or DST += of it; `a` is in SrcA.
  void add(const float *a, const float *b, float *dst, bool accumulate) const;
  void sub(const float *a, const float *b, float *dst, bool accumulate) const;
  void mul(const float *a, const float *b, float *dst, bool accumulate) const;
  void addInteger(const float *a, const float *b, float *dst, bool negate,
                  bool accumulate) const;
  void mulInteger(const float *a, const float *b, float *dst,
                  bool accumulate) const;

  /// Rounds a tile to what a 16-bit DST holds; nothing in 32-bit mode.
  void round(float *dst) const;
};

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_NUMERICS_MATRIXUNIT_H
