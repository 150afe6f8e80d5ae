//===- IntegerGemm.h - Products of 8-bit integers ---------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_INTEGERGEMM_H
#define TILEWRIGHT_COMPILER_PASSES_A_INTEGERGEMM_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Whether `gemm` multiplies 8-bit integers into int32, and no sum of products
/// of the one call can be beyond 2^24.
bool hasExactIntegerGemm(tile::GemmOp gemm);

/// Makes such a gemm, whose operands are held as int32 by now, one of bfloat16
/// into fp32 whose result is added to C.
void spellIntegerGemm(tile::GemmOp gemm);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_INTEGERGEMM_H
