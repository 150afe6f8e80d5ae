//===- PickElements.h - Single elements of on-chip buffers ------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_PICKELEMENTS_H
#define TILEWRIGHT_COMPILER_PASSES_A_PICKELEMENTS_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Makes tile operations of reads of single elements of buffers.
void pickElements(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_PICKELEMENTS_H
