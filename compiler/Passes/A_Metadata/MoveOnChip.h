//===- MoveOnChip.h - Parts of buffers --------------------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_MOVEONCHIP_H
#define TILEWRIGHT_COMPILER_PASSES_A_MOVEONCHIP_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Makes whole accesses of accesses to parts of on-chip buffers, and to their
/// elements at any place:
///
///   a row, a column or an element that is written    a choice for each element
///   all else                                         a loop that a data
///       movement kernel runs (`tile.parallel` with `moves` or `updates`)
///
/// Copies of parts become parallel loops first. A remark names each access that
/// is moved element by element.
void moveOnChip(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_MOVEONCHIP_H
