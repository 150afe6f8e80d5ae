//===- Cleanup.h - Removal of what nothing needs ----------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_CLEANUP_H
#define TILEWRIGHT_COMPILER_PASSES_D_CLEANUP_H

#include "mlir/IR/Operation.h"
#include "mlir/IR/Region.h"

namespace tilewright {

/// Before the split: removes reads and sections whose blocks nobody uses, loops
/// that run once or never, and blocks that a loop carries for nobody. Index
/// arithmetic is folded.
void dropUnusedBlocks(mlir::Operation *program);

/// Inside a kernel: folds index arithmetic, and uses the bounds of indices to
/// remove remainders and quotients that change nothing. Short expressions
/// without a name are repeated where they are used.
void simplifyIndices(mlir::Operation *kernel);

/// Makes conditions of loops that run once or not at all.
void makeConditions(mlir::Operation *kernel);

/// Removes operations without effect whose results nobody uses.
void eraseUnused(mlir::Region &region);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_D_CLEANUP_H
