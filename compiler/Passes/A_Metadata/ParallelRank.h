//===- ParallelRank.h - Parallel loops of more than two indices -*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_PARALLELRANK_H
#define TILEWRIGHT_COMPILER_PASSES_A_PARALLELRANK_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Leaves every parallel loop of `func` at most two indices that run: what a
/// block has. The others become loops around it.
void peelParallelLoops(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_PARALLELRANK_H
