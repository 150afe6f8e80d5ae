//===- HoistAddresses.cpp - Integers that loops need once -----------------===//
//
// for i, j in T.Parallel(..): O[start[e] + i, j] = ... reads start[e] in every
// iteration, and it is always the same number. A tensor of integers is taken
// where
//
//   1. the launch writes nothing to it,
//   2. one of its elements is part of an index, or of a condition that cuts
//      the write of a block which other blocks may overlap (GuardBounds.h),
//   3. every read of it in a parallel loop is at a place that the loop does not
//      change, and not under a condition, unless the same place is read outside
//      of the loop anyway.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/HoistAddresses.h"

#include "compiler/Analysis/GuardBounds.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace tilewright {

static bool isOutside(Value value, tile::ParallelOp loop) {
  return !loop->isAncestor(value.getParentRegion()->getParentOp());
}

/// Whether what `value` is computed from in the loop, without reads, is the
/// same in every iteration.
static bool isInvariant(Value value, tile::ParallelOp loop) {
  if (isOutside(value, loop))
    return true;
  Operation *op = value.getDefiningOp();
  return op && isPure(op) && op->getNumRegions() == 0 &&
         llvm::all_of(op->getOperands(), [&](Value operand) {
           return isInvariant(operand, loop);
         });
}

/// Whether a branch does nothing but write blocks that others may overlap.
static bool cutsWrites(scf::IfOp branch) {
  auto loop = branch->getParentOfType<tile::ParallelOp>();
  bool cuts = loop && !branch.elseBlock();
  branch.walk([&](memref::StoreOp store) {
    cuts &=
        isa<BlockArgument>(store.getMemRef()) && mayOverlapInPart(store, loop);
  });
  return cuts;
}

/// Whether an index of a load or store depends on `value`, or such a branch.
static bool isPartOfAddress(Value value) {
  return llvm::any_of(value.getUses(), [](OpOperand &use) {
    Operation *user = use.getOwner();
    if (isa<memref::LoadOp>(user))
      return use.getOperandNumber() > 0;
    if (isa<memref::StoreOp>(user))
      return use.getOperandNumber() > 1;
    if (auto branch = dyn_cast<scf::IfOp>(user))
      return cutsWrites(branch);
    return user->getNumResults() == 1 && isPure(user) &&
           isa<arith::ArithDialect>(user->getDialect()) &&
           user->getResult(0).getType().isIntOrIndex() &&
           isPartOfAddress(user->getResult(0));
  });
}

/// Whether an element is read outside of parallel loops, too.
static bool isReadOutside(memref::LoadOp load) {
  return llvm::any_of(load.getMemRef().getUsers(), [&](Operation *user) {
    auto other = dyn_cast<memref::LoadOp>(user);
    return other && !other->getParentOfType<tile::ParallelOp>() &&
           llvm::all_of(llvm::zip_equal(load.getIndices(), other.getIndices()),
                        [](auto pair) {
                          return IndexExpr::of(std::get<0>(pair)) ==
                                 IndexExpr::of(std::get<1>(pair));
                        });
  });
}

static void moveBefore(Value value, tile::ParallelOp loop) {
  if (isOutside(value, loop))
    return;
  Operation *op = value.getDefiningOp();
  for (Value operand : op->getOperands())
    moveBefore(operand, loop);
  op->moveBefore(loop);
}

void hoistAddresses(tile::FuncOp func) {
  for (BlockArgument tensor : func.getBody().getArguments()) {
    auto type = dyn_cast<MemRefType>(tensor.getType());
    if (!type || !isa<IntegerType>(type.getElementType()))
      continue;
    SmallVector<std::pair<memref::LoadOp, tile::ParallelOp>> reads;
    bool isWanted = false, isPossible = true;
    for (Operation *user : tensor.getUsers()) {
      auto load = dyn_cast<memref::LoadOp>(user);
      if (isa<memref::DimOp>(user))
        continue;
      isPossible &= bool(load);
      auto loop = user->getParentOfType<tile::ParallelOp>();
      if (!load || !loop)
        continue;
      reads.push_back({load, loop});
      isWanted |= isPartOfAddress(load.getResult());
      isPossible &= (load->getParentOp() == loop || isReadOutside(load)) &&
                    llvm::all_of(load.getIndices(), [&](Value index) {
                      return isInvariant(index, loop);
                    });
    }
    if (!isWanted || !isPossible)
      continue;
    for (auto [load, loop] : reads) {
      for (Value index : load.getIndices())
        moveBefore(index, loop);
      load->moveBefore(loop);
    }
  }
}

} // namespace tilewright
