//===- SmallIntegers.h - How narrow integers are held -----------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_SMALLINTEGERS_H
#define TILEWRIGHT_COMPILER_PASSES_A_SMALLINTEGERS_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// What a program does with tensors and buffers of 8 and 16 bit integers and
/// Booleans.
struct SmallIntegers {
  bool any = false;        ///< there are some
  bool computed = false;   ///< elements of them are data, not only addresses
  bool holdable = true;    ///< everything done with them can be done in 32 bits
  bool multiplied = false; ///< by a gemm, exact with fidelity HiFi4 only
};
SmallIntegers findSmallIntegers(tile::FuncOp func);

/// Holds all of them, and the values in between, as 32-bit integers. `func`
/// must be holdable. `#tile.tensor` keeps the type that the caller passes.
void holdSmallIntegers(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_SMALLINTEGERS_H
