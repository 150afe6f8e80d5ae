//===- RaiseMatmul.h - Multiply-accumulate nests as gemms ----- *- C++ -*-===//
//
// A program may spell a product out in scalars. Terms: a *nest* is a chain of
// `tile.parallel` and `tile.for` loops from 0 in steps of 1 with constant
// extents; its *statement* is the one store of its innermost body.
//
//   1. A statement is a multiply-accumulate when it is
//      `C[.. i .. j ..] = C[same] + A[i, k] * B[k, j]`, with the operands of
//      the sum and of the product in any order, the dimensions of A and B in
//      any order, and float casts: operands are widened only, sums and products
//      may be rounded (the matrix unit keeps more digits). i, j and k are the
//      loop variables of the nest, each used once in an access; C is neither A
//      nor B, and A and B have one element type.
//   2. The loops of such a nest may be exchanged: it is `tile.gemm`, whose sums
//      the matrix unit makes in an order of its own. On-chip operands have to
//      be used whole; blocks of tensors are copied to buffers first, in steps
//      of k where both are tensors, and C is copied back.
//   3. Where a loop over i and j holds other statements around the loop over
//      k (a start value, an epilogue), it is split in three. That is right
//      when iterations are independent: in `tile.parallel` they are; in serial
//      loops every buffer that is written has to be accessed at one element a
//      pair (i, j). A scalar accumulator that no other statement sees becomes a
//      buffer of one element a pair.
//
// What does not match stays as it is.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_RAISEMATMUL_H
#define TILEWRIGHT_COMPILER_PASSES_A_RAISEMATMUL_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Replaces the multiply-accumulate nests of `func` by gemms. `l1Bytes` is what
/// a core has for buffers; copies of tensors take half of it at most.
void raiseMatmulNests(tile::FuncOp func, int64_t l1Bytes);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_RAISEMATMUL_H
