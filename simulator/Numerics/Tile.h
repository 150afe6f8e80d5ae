//===- Tile.h - tile arithmetic of the simulated chip -----------*- C++ -*-===//
//
// Tiles in L1 are four 16x16 faces, each row-major (f0 = top left, f1 = top
// right, f2 = bottom left, f3 = bottom right). Tiles in Src and DST are held
// here as 1024 fp32 values, row-major 32x32. One table of functions for each
// instruction set; `tileOps()` picks the best of the machine.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_NUMERICS_TILE_H
#define TILEWRIGHT_SIMULATOR_NUMERICS_TILE_H

#include <cstdint>

namespace tilewright::sim {

constexpr uint32_t TileElements = 1024;

/// Masks of fp32 bits that leave the mantissa bits a unit sees.
constexpr uint32_t MaskAll = 0xffffffffu;
constexpr uint32_t MaskTf32 = 0xffffe000u;     ///< hidden + 10
constexpr uint32_t MaskBf16 = 0xffff0000u;     ///< hidden + 7
constexpr uint32_t MaskSrcAFull = 0xffffc000u; ///< hidden + 9: LSB unused
constexpr uint32_t MaskSrcAHigh = 0xfff80000u; ///< hidden + 4
constexpr uint32_t MaskSrcBHigh = 0xfffe0000u; ///< hidden + 6

struct TileOps {
  /// L1 faces -> row-major fp32, keeping the bits of `mask`; denormals -> 0.
  void (*unpackBf16)(const void *l1, float *tile, uint32_t mask);
  void (*unpackFp16)(const void *l1, float *tile, uint32_t mask);
  void (*unpackFp32)(const void *l1, float *tile, uint32_t mask);
  /// Block formats of `bits` (8, 4, 2) a datum; the shared exponent is biased
  /// by 127, or by 15 when short.
  void (*unpackBfp)(const void *l1, float *tile, uint32_t mask, uint32_t bits,
                    bool shortExponent);
  /// Integers to 32-bit words, zero-extended.
  void (*unpackWord16)(const void *l1, float *tile);
  void (*unpackWord8)(const void *l1, float *tile);
  /// Row-major fp32 -> L1 faces, rounding as the packer does.
  void (*packBf16)(const float *tile, void *l1);
  void (*packFp16)(const float *tile, void *l1);
  void (*packFp32)(const float *tile, void *l1);
  /// `precise` keeps 7 mantissa bits until the block is aligned, not 6.
  void (*packBfp)(const float *tile, void *l1, uint32_t bits,
                  bool shortExponent, bool precise);
  /// The low bits of the words.
  void (*packWord32)(const float *tile, void *l1);
  void (*packWord16)(const float *tile, void *l1);
  void (*packWord8)(const float *tile, void *l1);
  /// The same, adding to what is in L1.
  void (*packBf16Add)(const float *tile, void *l1);
  void (*packFp16Add)(const float *tile, void *l1);
  void (*packFp32Add)(const float *tile, void *l1);
  /// c += a * b over k in [k0, k1), each element in order of k.
  void (*matmul)(float *c, const float *a, const float *b, uint32_t k0,
                 uint32_t k1);
  void (*roundBf16)(float *tile);
  void (*roundFp16)(float *tile);
  /// tile += terms in a 16-bit DST.
  void (*accumulateBf16)(float *tile, const float *terms);
  void (*accumulateFp16)(float *tile, const float *terms);
  void (*mask)(const float *in, float *out, uint32_t bits);
  void (*transpose)(const float *in, float *out);
  /// out = a op b, or out += a op b.
  void (*add)(const float *a, const float *b, float *out, bool accumulate);
  void (*sub)(const float *a, const float *b, float *out, bool accumulate);
  void (*mul)(const float *a, const float *b, float *out, bool accumulate);
};

/// The functions for this machine.
const TileOps &tileOps();

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_NUMERICS_TILE_H
