//===- BufferLiveness.h - Which buffers a loop carries --------- *- C++ -*-===//
//
// Before pass C1 a buffer is storage. To become a value it must be known, for
// each loop, whether an iteration may read what an earlier one left (the buffer
// is *exposed* in the body), and whether the contents are read after the loop
// (it is *live* behind it). Every write in the tile dialect replaces a whole
// buffer, so the first access on a path decides.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_C_BUFFERLIVENESS_H
#define TILEWRIGHT_COMPILER_PASSES_C_BUFFERLIVENESS_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Buffers allocated outside `loop` that operations inside write, in program
/// order.
llvm::SmallVector<mlir::Value> getBuffersWritten(mlir::Operation *loop);

/// Whether `block` writes `buffer` before it reads it, on every path.
bool isOverwritten(mlir::Value buffer, mlir::Block &block);

/// Whether an iteration may read contents of `buffer` that it did not write.
bool isExposed(mlir::Value buffer, tile::ForOp loop);

/// Whether the contents of `buffer` after `loop` may be read.
bool isLiveAfter(mlir::Value buffer, tile::ForOp loop);

/// Whether the bounds prove at least one iteration.
bool runsAtLeastOnce(mlir::Value lower, mlir::Value upper);
/// Whether they prove none.
bool runsNever(mlir::Value lower, mlir::Value upper);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_C_BUFFERLIVENESS_H
