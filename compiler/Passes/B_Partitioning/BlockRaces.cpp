//===- BlockRaces.cpp - Blocks that disturb each other --------------------===//

#include "compiler/Passes/B_Partitioning/BlockRaces.h"

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/B_Partitioning/BlockRanges.h"
#include "compiler/Support/Codes/StageB.h"
#include "llvm/ADT/DenseSet.h"

#include <algorithm>
#include <optional>
#include <vector>

using namespace mlir;
using namespace tilewright;

namespace {

using Box = SmallVector<Interval, 4>;

/// Iterations of the loops around an access that are looked at.
constexpr size_t kMaxIterations = 256;

/// One access of a tensor: first indices and sizes.
struct Access {
  Operation *op;
  Value tensor;
  SmallVector<Value, 4> first;
  SmallVector<int64_t, 4> sizes;
  bool isWrite;
};

/// Whether nothing but loops of tile operations is around `op`, whose body runs
/// on every trip.
bool isCertain(Operation *op) {
  for (Operation *up = op->getParentOp(); !isa<tile::LaunchOp>(up);
       up = up->getParentOp())
    if (!isa<tile::ForOp, tile::ParallelOp>(up))
      return false;
  return true;
}

std::vector<Access> collectAccesses(tile::LaunchOp launch) {
  std::vector<Access> accesses;
  auto add = [&](Operation *op, Value memref, ValueRange first,
                 ArrayRef<int64_t> sizes, bool isWrite) {
    if (!tt::isTensor(memref) || !isCertain(op))
      return;
    Access access{op, memref, llvm::to_vector<4>(first),
                  llvm::to_vector<4>(sizes), isWrite};
    access.sizes.resize(first.size(), 1);
    accesses.push_back(std::move(access));
  };
  launch.walk([&](Operation *op) {
    if (auto load = dyn_cast<memref::LoadOp>(op)) {
      add(op, load.getMemRef(), load.getIndices(), {}, false);
    } else if (auto store = dyn_cast<memref::StoreOp>(op)) {
      add(op, store.getMemRef(), store.getIndices(), {}, true);
    } else if (auto copy = dyn_cast<tile::CopyOp>(op)) {
      add(op, copy.getSource(), copy.getSourceOffsets(), copy.getSourceSizes(),
          false);
      add(op, copy.getTarget(), copy.getTargetOffsets(), copy.getTargetSizes(),
          true);
    }
  });
  return accesses;
}

//===----------------------------------------------------------------------===//
// One place, a value for each block
//===----------------------------------------------------------------------===//

/// The buffer of a block that an operation writes.
Value getWritten(Operation *op) {
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return store.getMemRef();
  if (auto copy = dyn_cast<tile::CopyOp>(op))
    return copy.getTarget();
  if (auto fill = dyn_cast<tile::FillOp>(op))
    return fill.getBuffer();
  if (!isa<tile::TileDialect>(op->getDialect()) || op->getNumOperands() == 0)
    return {};
  // tile.gemm, tile.reduce and the scans name their result last.
  Value last = op->getOperands().back();
  return isa<MemRefType>(last.getType()) ? last : Value();
}

/// What the number of a block decides: values, and contents of buffers.
class DependsOn {
public:
  DependsOn(tile::LaunchOp launch, BlockArgument id) {
    found.insert(id);
    for (size_t before = 0; before != found.size();) {
      before = found.size();
      launch.getBody().walk([&](Operation *op) { visit(op); });
    }
  }
  bool contains(Value value) const { return found.contains(value); }
  /// Whether how often `op` runs depends on the block.
  bool controls(Operation *op) const {
    for (Operation *up = op->getParentOp(); !isa<tile::LaunchOp>(up);
         up = up->getParentOp())
      if (llvm::any_of(up->getOperands(), [&](Value v) { return contains(v); }))
        return true;
    return false;
  }

private:
  void visit(Operation *op) {
    Value written = getWritten(op);
    bool depends = controls(op);
    for (OpOperand &operand : op->getOpOperands()) {
      bool isTarget = operand.get() == written && !readsTarget(op, operand);
      depends |= !isTarget && contains(operand.get());
    }
    if (!depends)
      return;
    found.insert(op->result_begin(), op->result_end());
    for (Region &region : op->getRegions())
      for (BlockArgument argument : region.getArguments())
        found.insert(argument);
    if (written && !tt::isTensor(written))
      found.insert(written);
  }
  static bool readsTarget(Operation *op, OpOperand &operand) {
    return isa<tile::CopyOp>(op) && operand.getOperandNumber() == 0;
  }

  llvm::DenseSet<Value> found;
};

/// Whether the value that a write stores depends on the block.
bool storesOwnValue(const Access &write, const DependsOn &dependent) {
  if (auto store = dyn_cast<memref::StoreOp>(write.op))
    return dependent.contains(store.getValueToStore());
  auto copy = cast<tile::CopyOp>(write.op);
  return dependent.contains(copy.getSource()) ||
         llvm::any_of(copy.getSourceOffsets(),
                      [&](Value v) { return dependent.contains(v); });
}

LogicalResult checkWrites(tile::LaunchOp launch, ArrayRef<int64_t> extents,
                          ArrayRef<Access> accesses) {
  for (auto [number, id] : llvm::enumerate(launch.getBody().getArguments())) {
    if (extents[number] < 2)
      continue;
    DependsOn dependent(launch, id);
    for (const Access &access : accesses) {
      if (!access.isWrite || dependent.controls(access.op) ||
          llvm::any_of(access.first,
                       [&](Value v) { return dependent.contains(v); }) ||
          !storesOwnValue(access, dependent))
        continue;
      StringRef name = cast<StringAttr>(launch.getNames()[number]).getValue();
      InFlightDiagnostic diag = emitCoded(access.op, Code::BlockRace);
      diag << "each of the " << extents[number] << " blocks along " << name
           << " writes a value of its own to the same elements of "
           << getBufferName(access.tensor) << ", in no order";
      diag.attachNote(launch.getLoc()) << "the launch";
      diag.attachNote() << "fix: let an offset depend on " << name
                        << ", add with T.atomic_add, or let one block write";
      return diag;
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Reads of what other blocks write
//===----------------------------------------------------------------------===//

/// Whether the indices of an access within `parallel` fill a box: each id
/// counts one dimension, by ones.
bool isDense(const Access &access, tile::ParallelOp parallel) {
  for (BlockArgument id : parallel.getBody().getArguments()) {
    int dims = 0;
    for (Value index : access.first) {
      IndexExpr expr = IndexExpr::of(index);
      std::optional<int64_t> step = expr.getCoefficient(id);
      if (!step || *step < 0 || *step > 1)
        return false;
      dims += *step;
    }
    if (dims > 1)
      return false;
  }
  return llvm::all_of(access.first, [&](Value index) {
    IndexExpr expr = IndexExpr::of(index);
    int ids = 0;
    for (const IndexExpr::Term &term : expr.getTerms())
      for (const IndexExpr::Atom &atom : term.atoms) {
        auto argument = dyn_cast<BlockArgument>(atom.value);
        bool isId =
            argument && argument.getOwner() == &parallel.getBody().front();
        if (!isId && !argument)
          return false; // may depend on the ids in a way of its own
        ids += isId;
      }
    return ids <= 1;
  });
}

/// Where one block makes an access, box by box; only boxes that are certain.
class Boxes {
public:
  Boxes(tile::LaunchOp launch, ArrayRef<int64_t> extents, int64_t block,
        const Access &access)
      : access(access), ranges(launch, extents, block) {
    for (Operation *up = access.op->getParentOp(); up != launch;
         up = up->getParentOp()) {
      if (auto loop = dyn_cast<tile::ForOp>(up))
        loops.insert(loops.begin(), loop);
      if (auto parallel = dyn_cast<tile::ParallelOp>(up))
        // What a selection leaves out is not read.
        if (!isDense(access, parallel) ||
            !parallel.getBody().getOps<arith::SelectOp>().empty())
          return;
    }
    enumerate(0);
  }
  std::vector<Box> boxes;

private:
  void enumerate(size_t depth) {
    if (depth == loops.size()) {
      addBox();
      return;
    }
    tile::ForOp loop = loops[depth];
    std::optional<int64_t> lower = ranges.numberOf(loop.getLower());
    std::optional<int64_t> upper = ranges.numberOf(loop.getUpper());
    std::optional<int64_t> step = ranges.numberOf(loop.getStep());
    if (!lower || !upper || !step || *step < 1)
      return;
    for (int64_t i = *lower; i < *upper && boxes.size() < kMaxIterations;
         i += *step) {
      ranges.fix(loop.getInductionVar(), i);
      enumerate(depth + 1);
    }
  }
  void addBox() {
    Box box;
    auto shape = cast<MemRefType>(access.tensor.getType()).getShape();
    bool inParallel = isa<tile::ParallelOp>(access.op->getParentOp());
    for (auto [first, size, extent] :
         llvm::zip(access.first, access.sizes, shape)) {
      BlockRanges::Range range = ranges.of(first);
      if (!range || (!inParallel && range->min != range->max))
        return;
      int64_t min = std::max<int64_t>(range->min, 0);
      int64_t max = range->max + size - 1;
      if (!ShapedType::isDynamic(extent))
        max = std::min(max, extent - 1);
      if (min > max)
        return;
      box.push_back({min, max});
    }
    boxes.push_back(std::move(box));
  }

  const Access &access;
  BlockRanges ranges;
  std::vector<tile::ForOp> loops;
};

bool meet(const Boxes &a, const Boxes &b) {
  return llvm::any_of(a.boxes, [&](const Box &one) {
    return llvm::any_of(b.boxes, [&](const Box &other) {
      return llvm::all_of(llvm::zip(one, other), [](auto pair) {
        return std::get<0>(pair).meets(std::get<1>(pair));
      });
    });
  });
}

/// "(bx = 0, by = 1)".
void printBlock(InFlightDiagnostic &diag, tile::LaunchOp launch,
                ArrayRef<int64_t> extents, int64_t block) {
  diag << '(';
  for (auto [number, extent] : llvm::enumerate(extents)) {
    diag << (number ? ", " : "")
         << cast<StringAttr>(launch.getNames()[number]).getValue() << " = "
         << block % extent;
    block /= extent;
  }
  diag << ')';
}

/// The blocks 0 and 1 along every id, as their numbers in the grid.
SmallVector<int64_t> chooseCorner(ArrayRef<int64_t> extents) {
  SmallVector<int64_t> corner = {0};
  int64_t stride = 1;
  for (int64_t extent : extents) {
    if (extent > 1)
      for (size_t i = 0, n = corner.size(); i < n; ++i)
        corner.push_back(corner[i] + stride);
    stride *= extent;
  }
  return corner;
}

/// Adds the last block along each id and of the grid, which meets the first
/// where a program counts backwards.
void addLast(ArrayRef<int64_t> extents, SmallVector<int64_t> &blocks) {
  auto add = [&](int64_t block) {
    if (!llvm::is_contained(blocks, block))
      blocks.push_back(block);
  };
  int64_t stride = 1, last = 0;
  for (int64_t extent : extents) {
    add((extent - 1) * stride);
    last += (extent - 1) * stride;
    stride *= extent;
  }
  add(last);
}

LogicalResult checkReads(tile::LaunchOp launch, ArrayRef<int64_t> extents,
                         ArrayRef<Access> accesses) {
  llvm::DenseSet<Value> written;
  for (const Access &access : accesses)
    if (access.isWrite)
      written.insert(access.tensor);
  SmallVector<int64_t> corner = chooseCorner(extents);
  addLast(extents, corner);
  auto enumerate = [&](const Access &access) {
    std::vector<Boxes> boxes;
    for (int64_t block : corner)
      boxes.emplace_back(launch, extents, block, access);
    return boxes;
  };
  for (const Access &read : accesses) {
    if (read.isWrite || !written.contains(read.tensor))
      continue;
    std::vector<Boxes> reads = enumerate(read);
    for (const Access &write : accesses) {
      if (!write.isWrite || write.tensor != read.tensor)
        continue;
      std::vector<Boxes> writes = enumerate(write);
      for (size_t i = 0; i < corner.size(); ++i)
        for (size_t j = 0; j < corner.size(); ++j) {
          if (i == j || !meet(reads[i], writes[j]))
            continue;
          InFlightDiagnostic diag = emitCoded(read.op, Code::BlockRace);
          diag << "a block reads elements of " << getBufferName(read.tensor)
               << " that another block writes, in no order: ";
          printBlock(diag, launch, extents, corner[i]);
          diag << " reads what ";
          printBlock(diag, launch, extents, corner[j]);
          diag << " writes";
          diag.attachNote(write.op->getLoc()) << "the write";
          diag.attachNote() << "fix: write to another tensor, or write in a "
                               "second launch";
          return diag;
        }
    }
  }
  return success();
}

} // namespace

LogicalResult tilewright::checkBlockRaces(tile::LaunchOp launch,
                                          ArrayRef<int64_t> extents) {
  if (launch.getOrdered())
    return success();
  std::vector<Access> accesses = collectAccesses(launch);
  if (failed(checkWrites(launch, extents, accesses)))
    return failure();
  return checkReads(launch, extents, accesses);
}
