//===- BlockRaces.h - Blocks that disturb each other ------------*- C++ -*-===//
//
// The blocks of a launch run in no order. Two mistakes that show in the text of
// the program are errors:
//
//   1. A write whose place does not depend on a block id, of a value that
//      does: each block leaves another value in the same elements.
//   2. A read of elements of a tensor that another block writes.
//
// Only what is certain counts. Accesses under conditions are left out, as are
// offsets that are read from memory and depend on the block, loops whose trips
// are not known, and launches that update elements in order (atomics). For 2
// the blocks with ids 0 and 1 are compared, in the first iterations of the
// loops around the accesses: an algorithm that works on a region in place, or
// on its neighbour's, shows there.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_BLOCKRACES_H
#define TILEWRIGHT_COMPILER_PASSES_BLOCKRACES_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// An error at the access that races, with a note at its counterpart.
/// `extents`: blocks along each id, all known.
mlir::LogicalResult checkBlockRaces(tile::LaunchOp launch,
                                    mlir::ArrayRef<int64_t> extents);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_BLOCKRACES_H
