//===- GatherReads.h - Reads of tensors without tile form -------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_GATHERREADS_H
#define TILEWRIGHT_COMPILER_PASSES_A_GATHERREADS_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Takes reads of tensors that no copy of tiles can do out of parallel loops:
/// a loop in front of each, which the reader runs element by element
/// (`tile.parallel` with `gathers`), puts the elements into a buffer of their
/// own. A remark names each read.
void gatherReads(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_GATHERREADS_H
