//===- VectorOrientation.cpp - Row or column for one-dimensional data -----===//

#include "compiler/Passes/A_Metadata/VectorOrientation.h"

using namespace mlir;

namespace tilewright {

static int64_t rankOf(Value memref) {
  return cast<MemRefType>(memref.getType()).getRank();
}

std::string getBufferName(Value memref) {
  if (auto alloc = memref.getDefiningOp<tile::AllocOp>())
    return alloc.getName().str();
  if (auto arg = dyn_cast<BlockArgument>(memref))
    if (auto func = dyn_cast<tile::FuncOp>(arg.getOwner()->getParentOp()))
      return func.getTensorName(arg.getArgNumber()).str();
  return "buffer";
}

Value VectorOrientation::leader(Value vector) const {
  Value root = vector;
  for (auto it = parent.find(root); it != parent.end(); it = parent.find(root))
    root = it->second;
  if (root != vector)
    parent[vector] = root;
  return root;
}

void VectorOrientation::vote(Value vector, bool column, bool makes) {
  auto [it, isNew] = votes.try_emplace(leader(vector), Vote{column, makes});
  if (!isNew && makes && !it->second.makes)
    it->second = {column, makes};
}

void VectorOrientation::unite(Value a, Value b) {
  Value rootA = leader(a), rootB = leader(b);
  if (rootA != rootB)
    parent[rootB] = rootA;
}

/// Dimensions of a region whose extent is not 1.
static SmallVector<int64_t> significantDims(ArrayRef<int64_t> sizes) {
  SmallVector<int64_t> dims;
  for (auto [dim, size] : llvm::enumerate(sizes))
    if (size != 1)
      dims.push_back(dim);
  return dims;
}

void VectorOrientation::visitCopy(tile::CopyOp copy) {
  int64_t sourceRank = rankOf(copy.getSource());
  int64_t targetRank = rankOf(copy.getTarget());
  if ((sourceRank == 1) == (targetRank == 1))
    return;
  Value vector = sourceRank == 1 ? copy.getSource() : copy.getTarget();
  ArrayRef<int64_t> matrixSizes =
      sourceRank == 1 ? copy.getTargetSizes() : copy.getSourceSizes();
  SmallVector<int64_t> dims = significantDims(matrixSizes);
  if (dims.size() == 1)
    vote(vector, dims[0] != static_cast<int64_t>(matrixSizes.size()) - 1,
         /*makes=*/true);
}

/// The memref and indices of a load or a store.
static std::pair<Value, ValueRange> accessOf(Operation *op) {
  if (auto load = dyn_cast<memref::LoadOp>(op))
    return {load.getMemRef(), load.getIndices()};
  auto store = cast<memref::StoreOp>(op);
  return {store.getMemRef(), store.getIndices()};
}

/// Loop indices of `parallel` that `index` depends on.
static SmallVector<unsigned> loopIndicesOf(Value index,
                                           tile::ParallelOp parallel) {
  SmallVector<unsigned> found;
  SmallVector<Value> worklist = {index};
  llvm::SmallPtrSet<Value, 8> seen;
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    if (!seen.insert(value).second)
      continue;
    if (auto arg = dyn_cast<BlockArgument>(value)) {
      if (arg.getOwner() == &parallel.getBody().front())
        found.push_back(arg.getArgNumber());
      continue;
    }
    Operation *def = value.getDefiningOp();
    if (parallel->isAncestor(def))
      llvm::append_range(worklist, def->getOperands());
  }
  return found;
}

/// Whether `access` says how its vector lies: what a data movement kernel does
/// with single elements of tensors, or inside the core, does not.
static bool isOriented(Operation *access, tile::ParallelOp loop) {
  return isa<memref::LoadOp, memref::StoreOp>(access) && !loop.isOnChip() &&
         !(loop.isByElement() && isa<BlockArgument>(accessOf(access).first));
}

void VectorOrientation::visitParallel(tile::ParallelOp parallel) {
  unsigned rank = parallel.getExtents().size();
  parallel.walk([&](Operation *op) {
    if (!isOriented(op, parallel))
      return;
    auto [memref, indices] = accessOf(op);
    if (rankOf(memref) != 1)
      return;
    SmallVector<unsigned> loops = loopIndicesOf(indices[0], parallel);
    if (rank >= 2 && loops.size() == 1)
      vote(memref, loops[0] + 1 != rank, /*makes=*/isa<memref::StoreOp>(op));
  });
}

/// Unites the vectors that one iteration of a one-dimensional loop touches.
void VectorOrientation::analyze(tile::FuncOp func) {
  func.walk([&](Operation *op) {
    if (auto copy = dyn_cast<tile::CopyOp>(op)) {
      if (rankOf(copy.getSource()) == 1 && rankOf(copy.getTarget()) == 1)
        unite(copy.getSource(), copy.getTarget());
    } else if (auto sums = dyn_cast<tile::CumsumOp>(op)) {
      if (rankOf(sums.getSource()) == 1)
        unite(sums.getSource(), sums.getTarget());
    } else if (auto parallel = dyn_cast<tile::ParallelOp>(op)) {
      if (parallel.getExtents().size() != 1)
        return;
      Value first;
      parallel.walk([&](Operation *access) {
        if (!isOriented(access, parallel))
          return;
        auto [memref, indices] = accessOf(access);
        if (rankOf(memref) != 1 ||
            loopIndicesOf(indices[0], parallel).size() != 1)
          return;
        if (first)
          unite(first, memref);
        else
          first = memref;
      });
    }
  });
  func.walk([&](Operation *op) {
    if (auto copy = dyn_cast<tile::CopyOp>(op))
      visitCopy(copy);
    else if (auto parallel = dyn_cast<tile::ParallelOp>(op))
      visitParallel(parallel);
    else if (auto reduce = dyn_cast<tile::ReduceOp>(op);
             reduce && rankOf(reduce.getTarget()) == 1 &&
             rankOf(reduce.getSource()) == 2)
      vote(reduce.getTarget(), reduce.getDim() == 1, /*makes=*/true);
  });
}

bool VectorOrientation::isColumn(Value vector) const {
  auto it = votes.find(leader(vector));
  return it != votes.end() && it->second.column;
}

} // namespace tilewright
