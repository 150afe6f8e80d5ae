//===- MoveElements.h - Accesses to tensors without tile form ---*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_MOVEELEMENTS_H
#define TILEWRIGHT_COMPILER_PASSES_A_MOVEELEMENTS_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Takes accesses to tensors that no copy of tiles can do out of parallel
/// loops: a loop in front of each read and behind each write, which a data
/// movement kernel runs element by element (`tile.parallel` with `gathers` or
/// `scatters`), moves the elements between the tensor and a buffer of their
/// own. A remark names each.
void moveElements(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_MOVEELEMENTS_H
