//===- HoistInvariants.h - What does not change in a loop -------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_C_HOISTINVARIANTS_H
#define TILEWRIGHT_COMPILER_PASSES_C_HOISTINVARIANTS_H

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Computes in front of a parallel loop the parts of indices that do not change
/// in it, such as `by // groups`: an index is then a loop variable plus an
/// offset.
void hoistIndices(tile::ParallelOp loop);

/// `expr`, which does not change in `loop`, from values outside of it; nothing
/// where that would need a read or a quotient.
std::optional<IndexExpr> hoistInvariants(const IndexExpr &expr,
                                         tile::ParallelOp loop);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_C_HOISTINVARIANTS_H
