//===- CountedWhile.h - While loops that count ------------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_COUNTEDWHILE_H
#define TILEWRIGHT_COMPILER_PASSES_A_COUNTEDWHILE_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Makes `tile.for` of the while loops of `func` whose number of iterations is
/// known when they begin. The others stay.
void countWhileLoops(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_COUNTEDWHILE_H
