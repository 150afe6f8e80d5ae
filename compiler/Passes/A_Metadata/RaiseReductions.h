//===- RaiseReductions.h - Reductions out of loop nests ---------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_RAISEREDUCTIONS_H
#define TILEWRIGHT_COMPILER_PASSES_A_RAISEREDUCTIONS_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Makes a parallel loop and reductions of each nest of serial loops in `func`
/// that combines one value an iteration into an element of a vector, where the
/// values take no more than a part of `l1Free` bytes.
void raiseReductions(tile::FuncOp func, int64_t l1Free);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_RAISEREDUCTIONS_H
