//===- HoistInvariants.cpp - What does not change in a loop ---------------===//

#include "compiler/Passes/C_Lowering/HoistInvariants.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace tilewright;

namespace {

class Hoist {
public:
  explicit Hoist(tile::ParallelOp loop) : loop(loop) {}

  /// `expr` with what is fixed taken out of the loop; nothing where a quotient
  /// would have to be. Says whether anything was inside.
  std::optional<IndexExpr> take(const IndexExpr &expr, bool &changes) {
    IndexExpr sum(expr.getOffset());
    bool isKnown = true;
    for (const IndexExpr::Term &term : expr.getTerms()) {
      IndexExpr product(term.coefficient);
      for (const IndexExpr::Atom &atom : term.atoms) {
        Value value = atom.value;
        bool moves = isInside(value.getDefiningOp()) && isFixed(value);
        isKnown &= atom.divisor == 1;
        changes |= moves;
        product = product * IndexExpr::atom(moves ? hoist(value) : value);
      }
      sum = sum + product;
    }
    return isKnown ? std::optional(sum) : std::nullopt;
  }

  void visit(Operation *user, MutableOperandRange indices) {
    for (OpOperand &index : indices) {
      bool changes = false;
      std::optional<IndexExpr> sum = take(IndexExpr::of(index.get()), changes);
      if (!changes || !sum)
        continue;
      OpBuilder builder(user);
      index.set(sum->materialize(builder, user->getLoc()));
    }
  }

  bool isInside(Operation *op) { return op && loop->isProperAncestor(op); }

private:
  bool isFixed(Value value) {
    Operation *op = value.getDefiningOp();
    if (!op)
      return !loop.getBody().isAncestor(value.getParentRegion());
    return !isInside(op) ||
           (op->getNumRegions() == 0 && isPure(op) &&
            llvm::all_of(op->getOperands(),
                         [&](Value operand) { return isFixed(operand); }));
  }

  /// `value` outside the loop; equal operations are one.
  Value hoist(Value value) {
    Operation *op = value.getDefiningOp();
    if (!isInside(op))
      return value;
    IRMapping map;
    for (Value operand : op->getOperands())
      map.map(operand, hoist(operand));
    OpBuilder builder(loop);
    Operation *copy = builder.clone(*op, map);
    for (Operation *other : made)
      if (OperationEquivalence::isEquivalentTo(
              copy, other, OperationEquivalence::IgnoreLocations)) {
        copy->erase();
        return other->getResult(cast<OpResult>(value).getResultNumber());
      }
    made.push_back(copy);
    return copy->getResult(cast<OpResult>(value).getResultNumber());
  }

  tile::ParallelOp loop;
  SmallVector<Operation *> made;
};

} // namespace

void tilewright::hoistIndices(tile::ParallelOp loop) {
  Hoist hoist(loop);
  loop.walk([&](Operation *op) {
    if (auto load = dyn_cast<memref::LoadOp>(op))
      hoist.visit(op, load.getIndicesMutable());
    else if (auto store = dyn_cast<memref::StoreOp>(op))
      hoist.visit(op, store.getIndicesMutable());
  });
}

std::optional<IndexExpr> tilewright::hoistInvariants(const IndexExpr &expr,
                                                     tile::ParallelOp loop) {
  Hoist hoist(loop);
  bool changes = false;
  std::optional<IndexExpr> made = hoist.take(expr, changes);
  bool isOutside =
      made && llvm::all_of(made->getTerms(), [&](const auto &term) {
        return llvm::none_of(term.atoms, [&](const IndexExpr::Atom &atom) {
          return hoist.isInside(atom.value.getDefiningOp());
        });
      });
  return isOutside ? made : std::nullopt;
}
