//===- UpdateGroups.cpp - Blocks that update the same elements ------------===//

#include "compiler/Passes/B_Partitioning/UpdateGroups.h"

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Passes/B_Partitioning/BlockRanges.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/EquivalenceClasses.h"

#include <map>
#include <optional>

using namespace mlir;
using namespace tilewright;

namespace {

using Range = BlockRanges::Range;
using Box = SmallVector<Interval, 4>;

/// Pairs of blocks are compared up to this number of blocks.
constexpr int64_t kMaxBlocks = 4096;

/// One access of a written tensor: first indices and sizes.
struct Access {
  Value tensor;
  SmallVector<Value, 4> first;
  SmallVector<int64_t, 4> sizes;
};

/// The accesses of tensors that the launch writes; nothing when one of them has
/// no indices.
std::optional<std::vector<Access>> collectAccesses(tile::LaunchOp launch) {
  std::vector<Access> accesses;
  llvm::DenseSet<Value> written;
  bool isKnown = true;
  auto add = [&](Value memref, ValueRange first, ArrayRef<int64_t> sizes,
                 bool isWrite) {
    if (!tt::isTensor(memref))
      return;
    Access access{memref, llvm::to_vector<4>(first), llvm::to_vector<4>(sizes)};
    access.sizes.resize(first.size(), 1);
    accesses.push_back(std::move(access));
    if (isWrite)
      written.insert(memref);
  };
  launch.walk([&](Operation *op) {
    if (auto load = dyn_cast<memref::LoadOp>(op))
      add(load.getMemRef(), load.getIndices(), {}, false);
    else if (auto store = dyn_cast<memref::StoreOp>(op))
      add(store.getMemRef(), store.getIndices(), {}, true);
    else if (auto copy = dyn_cast<tile::CopyOp>(op)) {
      add(copy.getSource(), copy.getSourceOffsets(), copy.getSourceSizes(),
          false);
      add(copy.getTarget(), copy.getTargetOffsets(), copy.getTargetSizes(),
          true);
    } else {
      isKnown &= llvm::none_of(op->getOperands(), [](Value operand) {
        return isa<MemRefType>(operand.getType()) && tt::isTensor(operand);
      });
    }
  });
  if (!isKnown)
    return std::nullopt;
  std::erase_if(accesses, [&](const Access &access) {
    return !written.contains(access.tensor);
  });
  return accesses;
}

/// Where a block accesses each tensor, in the order of the accesses.
std::vector<Box> findBoxes(tile::LaunchOp launch, ArrayRef<int64_t> extents,
                           int64_t block, ArrayRef<Access> accesses) {
  BlockRanges ranges(launch, extents, block);
  std::vector<Box> boxes;
  for (const Access &access : accesses) {
    Box box;
    auto shape = cast<MemRefType>(access.tensor.getType()).getShape();
    for (auto [first, size, extent] :
         llvm::zip(access.first, access.sizes, shape)) {
      Range range = ranges.of(first);
      box.push_back(range ? Interval{range->min, range->max + size - 1}
                          : Interval{0, extent - 1});
    }
    boxes.push_back(std::move(box));
  }
  return boxes;
}

bool meet(ArrayRef<Access> accesses, ArrayRef<Box> a, ArrayRef<Box> b) {
  for (size_t i = 0; i < accesses.size(); ++i)
    for (size_t j = 0; j < accesses.size(); ++j)
      if (accesses[i].tensor == accesses[j].tensor &&
          llvm::all_of(llvm::zip(a[i], b[j]), [](auto pair) {
            return std::get<0>(pair).meets(std::get<1>(pair));
          }))
        return true;
  return false;
}

} // namespace

std::vector<std::vector<int64_t>>
tilewright::findUpdateGroups(tile::LaunchOp launch, ArrayRef<int64_t> extents) {
  int64_t blocks = 1;
  for (int64_t extent : extents)
    blocks *= extent;
  std::optional<std::vector<Access>> accesses = collectAccesses(launch);
  std::vector<int64_t> group(blocks, 0);
  if (accesses && blocks <= kMaxBlocks) {
    llvm::EquivalenceClasses<int64_t> classes;
    std::vector<std::vector<Box>> boxes;
    for (int64_t block = 0; block < blocks; ++block) {
      boxes.push_back(findBoxes(launch, extents, block, *accesses));
      classes.insert(block);
      for (int64_t other = 0; other < block; ++other)
        if (!classes.isEquivalent(block, other) &&
            meet(*accesses, boxes[block], boxes[other]))
          classes.unionSets(block, other);
    }
    for (int64_t block = 0; block < blocks; ++block)
      group[block] = classes.getLeaderValue(block);
  }
  std::vector<std::vector<int64_t>> groups;
  std::map<int64_t, size_t> places;
  for (int64_t block = 0; block < blocks; ++block) {
    auto [place, isNew] = places.try_emplace(group[block], groups.size());
    if (isNew)
      groups.emplace_back();
    groups[place->second].push_back(block);
  }
  return groups;
}
