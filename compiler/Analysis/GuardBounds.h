//===- GuardBounds.h - Conditions as bounds of loop variables ---*- C++ -*-===//
//
// Terms. A *bound* of a parallel loop is `e < 0` where e is one loop variable
// plus what does not change in the loop, or what does not change alone.
//
// Algorithm of `add`: a conjunction is the bounds of both sides, and so is a
// disjunction that does not hold. A comparison of integers is a bound of the
// difference of its sides (IndexExpr.h), an equality is two.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_ANALYSIS_GUARDBOUNDS_H
#define TILEWRIGHT_COMPILER_ANALYSIS_GUARDBOUNDS_H

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace tilewright {

/// Bounds from above that conditions in a parallel loop say.
class GuardBounds {
public:
  struct Bound {
    int along;      ///< loop variable that is bounded; -1 for none
    IndexExpr rest; ///< the variable plus this is negative
  };

  explicit GuardBounds(tile::ParallelOp loop) : loop(loop) {}

  /// Takes a condition, or its opposite; false where it says something else.
  bool add(mlir::Value condition, bool holds);
  llvm::ArrayRef<Bound> getBounds() const { return bounds; }

private:
  bool bound(IndexExpr difference);

  tile::ParallelOp loop;
  llvm::SmallVector<Bound> bounds;
};

/// Whether `value` is the same in every iteration of `loop`: computed outside,
/// or inside from such values, by arithmetic and reads of tensors.
bool isUniform(mlir::Value value, tile::ParallelOp loop);

/// Whether boxes of `extent` elements that start at `offset` in different
/// blocks of a launch may overlap in part: the offset depends on the block, and
/// two offsets may be closer than `extent`.
bool mayOverlapInPart(const IndexExpr &offset, int64_t extent);
/// The same of what a store in `loop` writes.
bool mayOverlapInPart(mlir::memref::StoreOp store, tile::ParallelOp loop);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_ANALYSIS_GUARDBOUNDS_H
