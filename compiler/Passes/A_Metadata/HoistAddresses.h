//===- HoistAddresses.h - Integers that loops need once ---------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_HOISTADDRESSES_H
#define TILEWRIGHT_COMPILER_PASSES_A_HOISTADDRESSES_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Moves reads of integers that are the same in all iterations of a parallel
/// loop in front of it, where they are part of an address: there they steer
/// what the kernels do (`tt.read_scalar`).
void hoistAddresses(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_HOISTADDRESSES_H
