//===- Inspections.h - T.print and T.device_assert on blocks ----*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_INSPECTIONS_H
#define TILEWRIGHT_COMPILER_PASSES_A_INSPECTIONS_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Makes what `func` prints and asserts a matter of whole buffers, where it
/// depends on numbers that only the compute engine knows.
void spellInspections(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_INSPECTIONS_H
