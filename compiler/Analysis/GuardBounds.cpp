//===- GuardBounds.cpp - Conditions as bounds of loop variables -----------===//

#include "compiler/Analysis/GuardBounds.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace tilewright;

bool GuardBounds::add(Value condition, bool holds) {
  if (auto both = condition.getDefiningOp<arith::AndIOp>())
    return holds && add(both.getLhs(), true) && add(both.getRhs(), true);
  if (auto either = condition.getDefiningOp<arith::OrIOp>())
    return !holds && add(either.getLhs(), false) && add(either.getRhs(), false);
  auto compare = condition.getDefiningOp<arith::CmpIOp>();
  if (!compare)
    return false;
  arith::CmpIPredicate predicate = compare.getPredicate();
  if (!holds)
    predicate = arith::invertPredicate(predicate);
  IndexExpr difference =
      IndexExpr::of(compare.getLhs()) - IndexExpr::of(compare.getRhs());
  using P = arith::CmpIPredicate;
  switch (predicate) {
  case P::slt:
    return bound(difference);
  case P::sle:
    return bound(difference - IndexExpr(1));
  case P::sgt:
    return bound(IndexExpr(0) - difference);
  case P::sge:
    return bound(IndexExpr(-1) - difference);
  case P::eq:
    return bound(difference - IndexExpr(1)) &&
           bound(IndexExpr(-1) - difference);
  default:
    return false;
  }
}

bool GuardBounds::bound(IndexExpr difference) {
  int along = -1;
  for (BlockArgument variable : loop.getBody().getArguments()) {
    unsigned index = variable.getArgNumber();
    std::optional<int64_t> step = difference.getCoefficient(variable);
    if (loop.getExtents()[index] == 1)
      step = 0;
    if (!step)
      return false;
    difference = difference.without(variable);
    if (*step == 0)
      continue;
    if (*step != 1 || along != -1)
      return false;
    along = index;
  }
  for (const IndexExpr::Term &term : difference.getTerms())
    for (const IndexExpr::Atom &atom : term.atoms)
      if (!isUniform(atom.value, loop))
        return false;
  bounds.push_back({along, difference});
  return true;
}

bool tilewright::isUniform(Value value, tile::ParallelOp loop) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return !loop.getBody().isAncestor(value.getParentRegion());
  if (!loop->isProperAncestor(op))
    return true;
  return op->getNumRegions() == 0 && (isPure(op) || isa<memref::LoadOp>(op)) &&
         llvm::all_of(op->getOperands(),
                      [&](Value operand) { return isUniform(operand, loop); });
}

/// Whether `value` may differ from block to block.
static bool dependsOnBlock(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    Operation *parent = argument.getOwner()->getParentOp();
    if (auto loop = dyn_cast<tile::ForOp>(parent))
      return dependsOnBlock(loop.getLower()) || dependsOnBlock(loop.getStep());
    if (auto loop = dyn_cast<scf::ForOp>(parent))
      return argument != loop.getInductionVar() ||
             dependsOnBlock(loop.getLowerBound()) ||
             dependsOnBlock(loop.getStep());
    return !isa<tile::FuncOp>(parent);
  }
  Operation *op = value.getDefiningOp();
  if (op->hasTrait<OpTrait::ConstantLike>() || isa<memref::DimOp>(op))
    return false;
  return !isPure(op) || llvm::any_of(op->getOperands(), dependsOnBlock);
}

bool tilewright::mayOverlapInPart(const IndexExpr &offset, int64_t extent) {
  bool depends = llvm::any_of(offset.getTerms(), [](const auto &term) {
    return llvm::any_of(term.atoms, [](const IndexExpr::Atom &atom) {
      return dependsOnBlock(atom.value);
    });
  });
  return depends &&
         (offset - IndexExpr(offset.getOffset())).getMultiple() < extent;
}

bool tilewright::mayOverlapInPart(memref::StoreOp store,
                                  tile::ParallelOp loop) {
  return llvm::any_of(store.getIndices(), [&](Value index) {
    IndexExpr offset = IndexExpr::of(index);
    for (BlockArgument variable : loop.getBody().getArguments()) {
      int64_t extent = loop.getExtents()[variable.getArgNumber()];
      if (extent != 1 && offset.getCoefficient(variable) == 1)
        return mayOverlapInPart(offset.without(variable), extent);
    }
    return false;
  });
}
