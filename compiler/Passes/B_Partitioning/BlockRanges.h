//===- BlockRanges.h - Index arithmetic of one block ------------*- C++ -*-===//
//
// Which values an index of a launch's body can have in one block: the block's
// ids are numbers, loop counters are intervals (or numbers, where `fix` says
// so), and what is read from memory is not known.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_BLOCKRANGES_H
#define TILEWRIGHT_COMPILER_PASSES_BLOCKRANGES_H

#include "compiler/Dialect/Tile/Tile.h"
#include "llvm/ADT/DenseMap.h"

#include <optional>

namespace tilewright {

/// From `min` to `max`, both included.
struct Interval {
  int64_t min, max;
  bool meets(const Interval &other) const {
    return min <= other.max && other.min <= max;
  }
};

class BlockRanges {
public:
  using Range = std::optional<Interval>;

  /// `block` counts the blocks of the grid `extents` with the first id fastest.
  BlockRanges(tile::LaunchOp launch, mlir::ArrayRef<int64_t> extents,
              int64_t block);

  /// The values of an index or integer; nothing when they are not known.
  Range of(mlir::Value value);
  /// The one value that it has in this block.
  std::optional<int64_t> numberOf(mlir::Value value);
  /// From now on a loop counter is this number.
  void fix(mlir::Value value, int64_t number);

private:
  Range compute(mlir::Value value);
  Range computeArgument(mlir::BlockArgument argument);

  llvm::DenseMap<mlir::Value, Range> known;
  llvm::DenseMap<mlir::Value, int64_t> fixed;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_BLOCKRANGES_H
