//===- ParallelRank.h - Indices of parallel loops ---------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_PARALLELRANK_H
#define TILEWRIGHT_COMPILER_PASSES_A_PARALLELRANK_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Leaves every parallel loop of `func` at most two indices that run: what a
/// block has. The others become loops around it.
void peelParallelLoops(tile::FuncOp func);

/// Makes a serial loop the first index of the parallel loop that it consists of,
/// where that has one index only and every iteration works on elements of its
/// own: rows that are written one by one.
void widenParallelLoops(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_PARALLELRANK_H
