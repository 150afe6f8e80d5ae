//===- GuardedStores.h - Stores under a condition ------------- *- C++ -*-===//
//
// Branches of a parallel body become choices: what a side stores is stored
// where the condition holds, and what is there already where it does not. A
// block of a tensor is then read, changed and written whole.
//
// Where other blocks may write the elements around (the block does not consist
// of whole tiles, or an integer of a tensor says where it starts), the tensor
// must not be read and written back. A condition that is a conjunction of upper
// bounds of loop variables (`i < n - start and j < m`) and of comparisons that
// do not change in the loop then cuts the write: these rows and columns are
// written, nothing else is touched.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_COMPILER_PASSES_C_GUARDEDSTORES_H
#define TILEWRIGHT_COMPILER_PASSES_C_GUARDEDSTORES_H

#include "compiler/Analysis/ParallelAccess.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <vector>

namespace tilewright {

/// A store that stood in branches.
struct GuardedStore {
  /// The choice that a branch became.
  struct Choice {
    mlir::arith::SelectOp select;
    bool inThen; ///< the stored value is the one of the true condition
  };
  mlir::memref::StoreOp store;
  llvm::SmallVector<Choice, 2> choices; ///< innermost first
  /// Elements of the tile plane of the tensor, with a sign, behind which
  /// nothing is written.
  mlir::Value rowLimit, colLimit;
  bool isCut() const { return rowLimit || colLimit; }
};

/// Turns the branches of `loop` into choices.
std::vector<GuardedStore> flattenBranches(tile::ParallelOp loop);

/// Gives limits to the stores to tensors that can be cut and have to be, and
/// takes their choices away. The limits are computed where `builder` stands.
/// Emits an error where blocks overlap and a condition is none of these.
mlir::LogicalResult cutWrites(mlir::OpBuilder &builder, tile::ParallelOp loop,
                              const ParallelAnalysis &analysis,
                              std::vector<GuardedStore> &guarded);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_C_GUARDEDSTORES_H
