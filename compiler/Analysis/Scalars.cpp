//===- Scalars.cpp - Integers that steer a program ------------------------===//

#include "compiler/Analysis/Scalars.h"

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace tilewright;

static bool isInParallel(Operation *op) {
  return bool(op->getParentOfType<tilewright::tile::ParallelOp>());
}

/// Whether a loop that moves single elements reads one for a place in another
/// tensor, or for a condition, and does not move it.
static bool steersElements(Operation *load) {
  auto loop = load->getParentOfType<tile::ParallelOp>();
  if (!loop.isByElement())
    return false;
  SmallVector<Value> worklist = {load->getResult(0)};
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    for (Operation *user : value.getUsers()) {
      auto store = dyn_cast<memref::StoreOp>(user);
      if (store && store.getValueToStore() == value)
        return false;
      if (!isa<memref::LoadOp>(user))
        llvm::append_range(worklist, user->getResults());
    }
  }
  return true;
}

bool tilewright::isScalarBuffer(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  return buffer.getDefiningOp<tile::AllocOp>() && type.hasStaticShape() &&
         type.getNumElements() == 1 &&
         type.getElementType().isSignlessInteger() &&
         llvm::all_of(buffer.getUsers(), [](Operation *user) {
           return isa<memref::LoadOp>(user) ||
                  (isa<memref::StoreOp, tile::FillOp>(user) &&
                   !isInParallel(user));
         });
}

bool tilewright::isSteeringTensor(Value tensor) {
  auto type = cast<MemRefType>(tensor.getType());
  return isa<IntegerType>(type.getElementType()) && !tensor.use_empty() &&
         llvm::all_of(tensor.getUsers(), [](Operation *user) {
           return isa<tt::AccessorOp>(user) ||
                  (isa<memref::LoadOp>(user) &&
                   (!isInParallel(user) || steersElements(user)));
         });
}

bool tilewright::dependsOnScalars(const IndexExpr &expr) {
  SmallVector<Value> worklist;
  for (const IndexExpr::Term &term : expr.getTerms())
    for (const IndexExpr::Atom &atom : term.atoms)
      worklist.push_back(atom.value);
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    Operation *op = value.getDefiningOp();
    if (!op) {
      auto loop = dyn_cast<scf::ForOp>(value.getParentBlock()->getParentOp());
      if (loop && value != loop.getInductionVar())
        return true;
    } else if (isa<tt::ReadScalarOp, scf::ForOp>(op)) {
      return true;
    } else {
      llvm::append_range(worklist, op->getOperands());
    }
  }
  return false;
}
