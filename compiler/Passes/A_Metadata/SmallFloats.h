//===- SmallFloats.h - How 8-bit floats are held ----------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_SMALLFLOATS_H
#define TILEWRIGHT_COMPILER_PASSES_A_SMALLFLOATS_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Holds tensors and buffers of an 8-bit float type as bfloat16 where `func`
/// makes no value of that type. The tensor is then one of bfloat16 for
/// everything that follows, the plan too; the host converts the elements.
void holdSmallFloats(tile::FuncOp func);

/// Whether `func` makes a value of an 8-bit float type.
bool makesSmallFloats(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_SMALLFLOATS_H
