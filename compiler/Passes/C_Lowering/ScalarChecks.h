//===- ScalarChecks.h - Faults of programs without tile form ----*- C++ -*-===//
//
// What pass C1 finds for itself in a program of tiles, found in one that
// becomes a scalar kernel: an element-wise kernel runs whatever it is given.
// Only what is wrong whenever it runs is reported; the simulator finds the
// rest.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_C_SCALARCHECKS_H
#define TILEWRIGHT_COMPILER_PASSES_C_SCALARCHECKS_H

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Buffers are read after something may have been written to what is read
/// (UninitialisedReads.cpp). Reports every first read that is not.
mlir::LogicalResult checkUninitialisedReads(tt::CoreProgramOp program);

/// No iteration of a T.Parallel reads or writes an element that another one
/// writes (ParallelRaces.cpp). Reports every store that breaks this.
mlir::LogicalResult checkParallelRaces(tt::CoreProgramOp program);

/// The same for one loop.
mlir::LogicalResult checkParallelRaces(tile::ParallelOp loop);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_C_SCALARCHECKS_H
