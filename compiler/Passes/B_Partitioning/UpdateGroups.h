//===- UpdateGroups.h - Blocks that update the same elements ----*- C++ -*-===//
//
// Blocks of an ordered launch update elements of tensors (atomics). Those that
// may meet stay on one core, in order; the others can be on any.
//
//   1. The box of an access is the range of each of its indices for one block:
//   the
//      block's ids are numbers, loop counters are intervals, and what is not
//      known is the whole extent of the dimension.
//   2. Two blocks meet when a box of one and a box of the other intersect in a
//      tensor that the launch writes.
//   3. A group is what meeting connects.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_UPDATEGROUPS_H
#define TILEWRIGHT_COMPILER_PASSES_UPDATEGROUPS_H

#include "compiler/Dialect/Tile/Tile.h"

#include <vector>

namespace tilewright {

/// The blocks of each group in row-major order, the groups in the order of
/// their first blocks.
std::vector<std::vector<int64_t>>
findUpdateGroups(tile::LaunchOp launch, mlir::ArrayRef<int64_t> extents);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_UPDATEGROUPS_H
