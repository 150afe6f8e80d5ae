//===- MoveElements.cpp - Accesses to tensors without tile form -----------===//
//
// A block moves as tiles where each index is a loop variable plus an offset
// that does not change in the loop. Of
//
//   for i, j: y[order[i], j] = f(x[i // 2, (j * 3) % 7])
//
// the accesses become loops of their own:
//
//   for i, j: x_gathered[i, j] = x[i // 2, (j * 3) % 7]      (gathers)
//   for i, j: y_scattered[i, j] = f(x_gathered[i, j])
//   for i, j: y[order[i], j] = y_scattered[i, j]             (scatters)
//
// So does a write of tiles where a condition around it leaves out elements that
// other blocks may write (GuardBounds.h).
//
// A choice between an element and a constant goes with the read: its condition
// is mostly about the same indices; and the conditions around a write go with
// the write. What is taken out of the loop is a slice of it: arithmetic, and
// reads of tensors that the program does not write.
//
// A tensor that is written in this way is touched nowhere else: its elements
// reach DRAM later than blocks do.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/MoveElements.h"

#include "compiler/Analysis/GuardBounds.h"
#include "compiler/Analysis/Scalars.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Passes/A_Metadata/ElementLoops.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageC.h"

using namespace mlir;

namespace tilewright {

static bool isTensorOf(Value memref, tile::FuncOp func) {
  auto argument = dyn_cast<BlockArgument>(memref);
  return argument && argument.getOwner() == &func.getBody().front();
}

/// Whether the program writes to `tensor`.
static bool isWritten(Value tensor) {
  return llvm::any_of(tensor.getUses(), [](OpOperand &use) {
    Operation *user = use.getOwner();
    if (auto copy = dyn_cast<tile::CopyOp>(user))
      return copy.getTarget() == use.get();
    return !isa<memref::LoadOp, memref::DimOp, tile::AnnotateLayoutOp>(user);
  });
}

namespace {

class Mover : ElementLoops {
public:
  Mover(tile::FuncOp func, tile::ParallelOp loop) : ElementLoops(func, loop) {}
  void run();

private:
  bool isFixed(memref::LoadOp load) const override;
  void gather(memref::LoadOp load, StringRef why);
  void scatter(memref::StoreOp store, StringRef why);
  /// Whether the conditions around a store leave out elements that other
  /// blocks may write, and do not just cut rows and columns off: the tensor
  /// must not be read and written back.
  bool leavesElements(memref::StoreOp store);
};

bool Mover::isFixed(memref::LoadOp load) const {
  Value source = load.getMemRef();
  return isTensorOf(source, func)
             ? !isWritten(source) && load.getMemRefType().hasStaticShape()
             : isScalarBuffer(source);
}

void Mover::gather(memref::LoadOp load, StringRef why) {
  Value root = findRoot(load);
  Slice slice;
  if (!getRunning() || !collect(root, slice))
    return;
  std::string name = getBufferName(load.getMemRef());
  remarkCoded(load.getLoc(), Code::ElementsMoved)
      << "T.Parallel: a read of " << name << " has no tile form: " << why
      << "; the reader takes it element by element, which is slow";
  takeOut(root, slice, name + "_gathered", "gathers");
}

/// Whether nothing but the store `only` uses `tensor`.
static bool isTouchedOnlyBy(Operation *only, Value tensor) {
  return llvm::all_of(tensor.getUsers(), [&](Operation *user) {
    return user == only || isa<memref::DimOp, tile::AnnotateLayoutOp>(user);
  });
}

void Mover::scatter(memref::StoreOp store, StringRef why) {
  Value tensor = store.getMemRef();
  if (!isTouchedOnlyBy(store, tensor) ||
      !store.getMemRefType().hasStaticShape())
    return;
  std::optional<Deferred> how = defer(store);
  if (!how)
    return;
  std::string name = getBufferName(tensor);
  remarkCoded(store.getLoc(), Code::ElementsMoved)
      << "T.Parallel: a write of " << name << " has no tile form: " << why
      << "; the writer puts it there element by element, which is slow";
  OpBuilder behind(loop.getContext());
  behind.setInsertionPointAfter(loop);
  putOff(store, *how, name + "_scattered", "scatters", behind);
}

bool Mover::leavesElements(memref::StoreOp store) {
  std::optional<SmallVector<scf::IfOp>> branches = getBranches(store);
  GuardBounds bounds(loop);
  if (branches && llvm::all_of(*branches, [&](scf::IfOp branch) {
        return bounds.add(branch.getCondition(), true);
      }))
    return false;
  return mayOverlapInPart(store, loop);
}

void Mover::run() {
  // The last read that is not one of tiles and was not tried: what only its
  // indices need is gone when an earlier one is looked at.
  llvm::SmallPtrSet<Operation *, 8> tried;
  while (true) {
    memref::LoadOp next;
    StringRef why;
    loop.walk([&](memref::LoadOp load) {
      if (!isTensorOf(load.getMemRef(), func) || tried.contains(load))
        return;
      if (std::optional<StringRef> reason = whyNotTiles(load.getIndices())) {
        next = load;
        why = *reason;
      }
    });
    if (!next)
      break;
    tried.insert(next);
    gather(next, why);
    clean();
  }
  SmallVector<memref::StoreOp> stores;
  loop.walk([&](memref::StoreOp store) {
    if (isTensorOf(store.getMemRef(), func))
      stores.push_back(store);
  });
  for (memref::StoreOp store : stores) {
    if (std::optional<StringRef> why = whyNotTiles(store.getIndices()))
      scatter(store, *why);
    else if (leavesElements(store))
      scatter(store, "the condition around it leaves out elements that other "
                     "blocks may write");
  }
  clean();
}

} // namespace

void moveElements(tile::FuncOp func) {
  SmallVector<tile::ParallelOp> loops;
  func.walk([&](tile::ParallelOp loop) { loops.push_back(loop); });
  for (tile::ParallelOp loop : loops)
    Mover(func, loop).run();
}

} // namespace tilewright
