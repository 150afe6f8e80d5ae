//===- ElementLoops.h - Loops over single elements -------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_ELEMENTLOOPS_H
#define TILEWRIGHT_COMPILER_PASSES_A_ELEMENTLOOPS_H

#include "compiler/Dialect/Tile/Tile.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

namespace tilewright {

/// Takes accesses of one parallel loop out of it, into loops of their own that
/// a data movement kernel runs: what both kinds of accesses, of tensors
/// (MoveElements.cpp) and of buffers (MoveOnChip.cpp), have in common.
class ElementLoops {
protected:
  using Slice = llvm::SetVector<mlir::Operation *>;

  ElementLoops(tile::FuncOp func, tile::ParallelOp loop)
      : func(func), loop(loop) {}
  virtual ~ElementLoops() = default;

  /// Whether a load may stand in a loop of its own in front of this one.
  virtual bool isFixed(mlir::memref::LoadOp load) const = 0;

  bool runs(mlir::BlockArgument argument) const {
    return loop.getExtents()[argument.getArgNumber()] != 1;
  }
  /// Whether `value` differs from iteration to iteration.
  bool changes(mlir::Value value) const;
  /// What keeps an access from being one of tiles; nothing where it is one.
  std::optional<mlir::StringRef> whyNotTiles(mlir::ValueRange indices) const;
  /// The element, or the choice between it and a constant that alone uses it.
  mlir::Value findRoot(mlir::memref::LoadOp load) const;
  /// Collects what `value` is computed from inside the loop, operands first;
  /// false where that cannot stand in a loop of its own.
  bool collect(mlir::Value value, Slice &slice) const;
  /// Whether `value` can be computed in front of `place`, and how: reads that
  /// pass no write of theirs, and arithmetic.
  bool collectUpTo(mlir::Operation *place, mlir::Value value,
                   Slice &slice) const;
  /// The conditions around `op` inside the loop, outermost first; nothing where
  /// something else is around it, or it stands in the other arm.
  std::optional<mlir::SmallVector<mlir::scf::IfOp>>
  getBranches(mlir::Operation *op) const;
  /// Loop variables that run, at most two; the first one where none does.
  /// Nothing where there are more.
  std::optional<mlir::SmallVector<unsigned>> getRunning() const;
  mlir::SmallVector<mlir::Value> placeIn(mlir::Block &body) const;
  /// A buffer with an element for each iteration.
  mlir::Value createBuffer(mlir::Location loc, mlir::StringRef name,
                           mlir::Type element);
  /// A loop over the same iterations that a data movement kernel runs, with a
  /// copy of `slice`. The builder is left at its end.
  tile::ParallelOp createLoop(mlir::OpBuilder &builder, mlir::Location loc,
                              mlir::StringRef kind, const Slice &slice,
                              mlir::IRMapping &map);
  /// Takes the read with what it is computed from into a loop of the kind in
  /// front, whose buffer the loop then reads.
  void takeOut(mlir::Value root, const Slice &slice, mlir::StringRef name,
               mlir::StringRef kind);
  /// A write at `store` that a loop behind does.
  struct Deferred {
    mlir::SmallVector<mlir::scf::IfOp> branches;
    Slice slice;  // what the place and the conditions are computed from
    Slice before; // what the element is computed from, in front of `place`
    mlir::Operation *place;
  };
  /// How to put off `store`; nothing where it cannot be.
  std::optional<Deferred> defer(mlir::memref::StoreOp store) const;
  /// Puts it off: the loop stores to a buffer called `name`, and a loop of the
  /// kind, made at `behind`, from there.
  void putOff(mlir::memref::StoreOp store, const Deferred &how,
              mlir::StringRef name, mlir::StringRef kind,
              mlir::OpBuilder &behind);
  /// Erases what nothing needs any more.
  void clean();

  tile::FuncOp func;
  mutable tile::ParallelOp loop; // MLIR's accessors are not const

private:
  mlir::Value mergeInto(tile::ParallelOp gathered, mlir::Value buffer);

  mlir::SmallVector<std::pair<tile::ParallelOp, mlir::Value>> made;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_ELEMENTLOOPS_H
