//===- BufferBounds.h - Accesses outside of on-chip buffers -----*- C++ -*-===//
//
// An element or a region of an on-chip buffer that lies outside the buffer is a
// mistake; only tensors have a rule for what lies outside of them. Only what is
// certain counts:
//
//   1. the index is a sum of block ids, iterations and constants, so that its
//      least and greatest values do occur;
//   2. the access runs in every iteration: it stands under no condition, and
//      the loops around it have constant bounds.
//
// An iteration of T.Parallel that is used as it is gives a warning: what lies
// outside is not stored, and reads as zero.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_BUFFERBOUNDS_H
#define TILEWRIGHT_COMPILER_PASSES_A_BUFFERBOUNDS_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// An error or a warning at each access of `func` that leaves its on-chip
/// buffer; failure where there is an error.
mlir::LogicalResult checkBufferBounds(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_BUFFERBOUNDS_H
