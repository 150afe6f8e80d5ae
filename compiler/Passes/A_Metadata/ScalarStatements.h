//===- ScalarStatements.h - Floats outside parallel loops ------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_SCALARSTATEMENTS_H
#define TILEWRIGHT_COMPILER_PASSES_A_SCALARSTATEMENTS_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Writes statements on single floats of `func` as parallel loops over one
/// element, and fills with a value that is known at run time as parallel loops
/// over their buffer. Statements of another kind stay as they are.
void spellScalarStatements(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_SCALARSTATEMENTS_H
