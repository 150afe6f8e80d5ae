//===- GuardedStores.cpp - Stores under a condition -----------------------===//

#include "compiler/Passes/C_Lowering/GuardedStores.h"

#include "compiler/Analysis/GuardBounds.h"
#include "compiler/Analysis/Scalars.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/C_Lowering/HoistInvariants.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace tilewright;

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

/// Makes `value` the store's where `condition` holds, and what is there already
/// where it does not.
static arith::SelectOp guardStore(OpBuilder &builder, memref::StoreOp store,
                                  Value condition, bool inThen) {
  Location loc = store.getLoc();
  Value old = memref::LoadOp::create(builder, loc, store.getMemRef(),
                                     store.getIndices());
  Value value = store.getValueToStore();
  auto chosen = arith::SelectOp::create(
      builder, loc, condition, inThen ? value : old, inThen ? old : value);
  store.getValueMutable().assign(chosen);
  return chosen;
}

/// Branches of a parallel body, innermost first, become choices: both sides are
/// computed, what a side stores is stored where the condition holds. Reads of
/// blocks cover the whole block and reads of tensors give zero outside, so the
/// side that is not taken does no harm.
template <typename A, typename B> static bool isSamePlace(A a, B b) {
  return a.getMemRef() == b.getMemRef() &&
         llvm::equal(a.getIndices(), b.getIndices(), [](Value x, Value y) {
           return IndexExpr::of(x) == IndexExpr::of(y);
         });
}

/// What the other side of a branch has stored last where `store` does, if
/// nothing of that side reads it: `store` then decides for both sides.
static memref::StoreOp takeCounterpart(memref::StoreOp store,
                                       ArrayRef<memref::StoreOp> others) {
  auto stored = llvm::find_if(
      others, [&](memref::StoreOp other) { return isSamePlace(other, store); });
  return stored == others.end() ? memref::StoreOp() : *stored;
}

/// Loads of what `block` has stored last at the same place take the value.
static void forwardStores(Block &block) {
  DenseMap<Value, memref::StoreOp> last;
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (auto store = dyn_cast<memref::StoreOp>(op))
      last[store.getMemRef()] = store;
    auto load = dyn_cast<memref::LoadOp>(op);
    memref::StoreOp store =
        load ? last.lookup(load.getMemRef()) : memref::StoreOp();
    if (store && isSamePlace(store, load)) {
      load.replaceAllUsesWith(store.getValueToStore());
      load.erase();
    }
  }
}

/// The stores of `block` that a later operation of it neither reads nor
/// repeats.
static SmallVector<memref::StoreOp> lastStores(Block &block) {
  SmallVector<memref::StoreOp> stores;
  for (Operation &op : block) {
    Value touched;
    if (auto load = dyn_cast<memref::LoadOp>(op))
      touched = load.getMemRef();
    auto store = dyn_cast<memref::StoreOp>(op);
    if (store)
      touched = store.getMemRef();
    llvm::erase_if(stores, [&](memref::StoreOp earlier) {
      return earlier.getMemRef() == touched;
    });
    if (store)
      stores.push_back(store);
  }
  return stores;
}

std::vector<GuardedStore> tilewright::flattenBranches(tile::ParallelOp loop) {
  std::vector<GuardedStore> guarded;
  SmallVector<scf::IfOp> branches;
  loop.walk<WalkOrder::PostOrder>(
      [&](scf::IfOp branch) { branches.push_back(branch); });
  for (scf::IfOp branch : branches) {
    SmallVector<SmallVector<Value>, 2> yielded;
    SmallVector<memref::StoreOp> first; // of the true side, as they were
    DenseMap<Operation *, Value> values;
    for (Region &region : branch->getRegions())
      for (Block &block : region)
        forwardStores(block);
    if (!branch.getElseRegion().empty())
      first = lastStores(branch.getThenRegion().front());
    for (memref::StoreOp store : first)
      values[store] = store.getValueToStore();
    auto forget = [&](memref::StoreOp store) {
      llvm::erase_if(guarded, [&](const GuardedStore &guard) {
        return guard.store == store;
      });
    };
    for (Region *region : {&branch.getThenRegion(), &branch.getElseRegion()}) {
      if (region->empty())
        continue;
      bool inThen = region == &branch.getThenRegion();
      Block &block = region->front();
      yielded.emplace_back(block.getTerminator()->getOperands());
      for (Operation &op :
           llvm::make_early_inc_range(block.without_terminator())) {
        op.moveBefore(branch);
        if (auto store = dyn_cast<memref::StoreOp>(op)) {
          OpBuilder builder(store);
          memref::StoreOp other =
              inThen ? memref::StoreOp() : takeCounterpart(store, first);
          if (other) {
            store.getValueMutable().assign(arith::SelectOp::create(
                builder, store.getLoc(), branch.getCondition(), values[other],
                store.getValueToStore()));
            llvm::erase(first, other);
            Operation *choice = other.getValueToStore().getDefiningOp();
            Operation *old = choice->getOperand(2).getDefiningOp();
            forget(other);
            forget(store);
            other.erase();
            choice->erase();
            old->erase();
            continue;
          }
          auto entry = llvm::find_if(guarded, [&](const GuardedStore &guard) {
            return guard.store == store;
          });
          if (entry == guarded.end())
            entry = guarded.insert(entry, {store, {}, {}, {}});
          entry->choices.push_back(
              {guardStore(builder, store, branch.getCondition(), inThen),
               inThen});
        }
      }
    }
    OpBuilder builder(branch);
    for (auto [index, result] : llvm::enumerate(branch.getResults()))
      result.replaceAllUsesWith(arith::SelectOp::create(
          builder, branch.getLoc(), branch.getCondition(), yielded[0][index],
          yielded[1][index]));
    branch.erase();
  }
  return guarded;
}

//===----------------------------------------------------------------------===//
// Limits
//===----------------------------------------------------------------------===//

namespace {

/// The rows and columns of the plane that bounds leave.
class Cut {
public:
  Cut(OpBuilder &builder, tile::ParallelOp loop, int row, int col)
      : builder(builder), loop(loop), plane{row, col} {}

  /// Takes what conditions say; whether they bound rows and columns only.
  bool take(const GuardBounds &bounds) {
    for (const GuardBounds::Bound &bound : bounds.getBounds())
      if (bound.along != -1 && bound.along != plane[0] &&
          bound.along != plane[1])
        return false;
    for (const GuardBounds::Bound &bound : bounds.getBounds()) {
      std::optional<IndexExpr> rest = hoistInvariants(bound.rest, loop);
      if (!rest)
        return false;
      if (bound.along == -1)
        uniform.push_back(*rest);
      else
        limits[bound.along == plane[0] ? 0 : 1].push_back(IndexExpr(0) - *rest);
    }
    return true;
  }

  /// The least of the limits of dimension `dim` of the plane, or null.
  Value getLimit(unsigned dim) {
    Location loc = loop.getLoc();
    Value least;
    for (const IndexExpr &limit : limits[dim]) {
      Value value = limit.materialize(builder, loc);
      least =
          least ? arith::MinSIOp::create(builder, loc, least, value) : value;
    }
    if (dim == 1)
      return least;
    for (const IndexExpr &difference : uniform) {
      auto constant = [&](int64_t number) {
        return arith::ConstantIndexOp::create(builder, loc, number);
      };
      Value holds = arith::CmpIOp::create(
          builder, loc, arith::CmpIPredicate::slt,
          difference.materialize(builder, loc), constant(0));
      Value all = least ? least : constant(rowExtent());
      least = arith::SelectOp::create(builder, loc, holds, all, constant(0));
    }
    return least;
  }

private:
  int64_t rowExtent() { return plane[0] < 0 ? 1 : loop.getExtents()[plane[0]]; }

  OpBuilder &builder;
  tile::ParallelOp loop;
  int plane[2];
  SmallVector<IndexExpr, 2> limits[2];
  SmallVector<IndexExpr, 2> uniform;
};

} // namespace

/// Whether a write of the block may meet elements that other blocks write.
static bool sharesTiles(const ParallelAccess &store) {
  auto places = [&](auto &&check) {
    return check(store.row) || check(store.col);
  };
  return places(dependsOnScalars) ||
         llvm::any_of(store.outer, dependsOnScalars) ||
         places([](const IndexExpr &offset) {
           return !offset.divideExactly(tt::kTileDim);
         });
}

/// A block that is read and written back would undo what other blocks write.
static LogicalResult emitMixed(const ParallelAccess &store) {
  InFlightDiagnostic diag = emitCoded(store.op, Code::NoTileForm);
  diag << "T.Parallel: the condition around a write of "
       << getBufferName(store.memref)
       << " has no tile form: it leaves out elements that other blocks may "
          "write, and is no upper bound of a loop variable";
  diag.attachNote() << "fix: bound the loop variables from above, as in "
                       "`if i < n`, or write blocks that do not overlap";
  return diag;
}

LogicalResult tilewright::cutWrites(OpBuilder &builder, tile::ParallelOp loop,
                                    const ParallelAnalysis &analysis,
                                    std::vector<GuardedStore> &guarded) {
  for (GuardedStore &guard : guarded) {
    auto *access =
        llvm::find_if(analysis.getStores(), [&](const ParallelAccess &store) {
          return store.op == guard.store;
        });
    if (access == analysis.getStores().end() || !tt::isTensor(access->memref) ||
        !sharesTiles(*access))
      continue;
    // Nothing else of the body looks at the tensor.
    auto touches = [&](const ParallelAccess &other) {
      return other.memref == access->memref;
    };
    auto [row, col] = analysis.getPlane();
    if (access->turned)
      std::swap(row, col);
    Cut cut(builder, loop, row, col);
    GuardBounds bounds(loop);
    if (llvm::count_if(analysis.getStores(), touches) != 1 ||
        llvm::count_if(analysis.getLoads(), touches) !=
            static_cast<int64_t>(guard.choices.size()) ||
        !llvm::all_of(guard.choices,
                      [&](GuardedStore::Choice choice) {
                        return bounds.add(choice.select.getCondition(),
                                          choice.inThen);
                      }) ||
        !cut.take(bounds)) {
      if (mayOverlapInPart(access->row, access->region.rows) ||
          mayOverlapInPart(access->col, access->region.cols))
        return emitMixed(*access);
      continue;
    }
    guard.rowLimit = cut.getLimit(0);
    guard.colLimit = cut.getLimit(1);
    auto valueOf = [](GuardedStore::Choice choice, bool stored) {
      return stored == choice.inThen ? choice.select.getTrueValue()
                                     : choice.select.getFalseValue();
    };
    guard.store.getValueMutable().assign(
        valueOf(guard.choices.front(), /*stored=*/true));
    for (GuardedStore::Choice choice : llvm::reverse(guard.choices)) {
      Operation *old = valueOf(choice, /*stored=*/false).getDefiningOp();
      choice.select->erase();
      old->erase();
    }
  }
  return success();
}
