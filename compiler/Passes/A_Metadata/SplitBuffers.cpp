//===- SplitBuffers.cpp - Buffers that are used in parts ------------------===//
//
// A block is a whole buffer to the passes that follow. A buffer of which a
// statement uses a part (the halves of a vector that is rotated, a gate beside
// its value, one matrix of several) becomes one buffer for each part.
//
//   1. Loops whose index picks a part of a buffer are unrolled.
//   2. Where buffers and parallel loops are cut: BufferCuts.
//   3. Parallel loops become one loop for each part.
//   4. Copies, fills, reductions and gemms become one for each part of what
//      they work on; along what is summed, the later ones add to the first.
//   5. Accesses go to the buffer of their part.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/SplitBuffers.h"

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Passes/A_Metadata/BufferCuts.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace tilewright {

/// Loops of more iterations than this are not unrolled.
static constexpr int64_t kMaxUnrolled = 16;

static ArrayRef<int64_t> shapeOf(Value buffer) {
  return cast<MemRefType>(buffer.getType()).getShape();
}

namespace {

class Splitter {
public:
  Splitter(tile::LaunchOp launch, const BufferCuts &cuts)
      : launch(launch), cuts(cuts), builder(launch.getContext()) {}
  void run();

private:
  using Place = SmallVector<std::pair<int64_t, int64_t>>;

  /// Calls `visit` with every choice of one part of each list.
  void forEach(ArrayRef<BufferCuts::Parts> lists,
               llvm::function_ref<void(const Place &)> visit);
  void makeParts(Value buffer);
  /// The buffer that begins at `start`; the buffer itself where it is whole.
  Value partAt(Value buffer, ArrayRef<int64_t> start);
  SmallVector<Value> zeros(Location loc, Value buffer);
  void split(tile::ParallelOp loop);
  void split(tile::CopyOp copy);
  void split(tile::FillOp fill);
  void split(tile::ReduceOp reduce);
  void split(tile::GemmOp gemm);
  void redirect(Operation *access);

  tile::LaunchOp launch;
  const BufferCuts &cuts;
  OpBuilder builder;
  llvm::DenseMap<Value, std::map<SmallVector<int64_t>, Value>> parts;
};

} // namespace

void Splitter::forEach(ArrayRef<BufferCuts::Parts> lists,
                       llvm::function_ref<void(const Place &)> visit) {
  Place place(lists.size());
  auto choose = [&](auto &self, size_t list) -> void {
    if (list == lists.size())
      return visit(place);
    for (auto part : lists[list]) {
      place[list] = part;
      self(self, list + 1);
    }
  };
  choose(choose, 0);
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

void Splitter::makeParts(Value buffer) {
  auto alloc = buffer.getDefiningOp<tile::AllocOp>();
  auto type = cast<MemRefType>(buffer.getType());
  SmallVector<BufferCuts::Parts> lists;
  for (unsigned dim = 0; dim < type.getRank(); ++dim)
    lists.push_back(cuts.getParts(buffer, dim));
  builder.setInsertionPoint(alloc);
  unsigned number = 0;
  forEach(lists, [&](const Place &place) {
    SmallVector<int64_t> start, shape;
    for (auto [first, size] : place) {
      start.push_back(first);
      shape.push_back(size);
    }
    std::string name = (alloc.getName() + "_" + Twine(number++)).str();
    parts[buffer][start] = tile::AllocOp::create(
        builder, NameLoc::get(builder.getStringAttr(name), alloc.getLoc()),
        MemRefType::get(shape, type.getElementType(), type.getLayout(),
                        type.getMemorySpace()),
        name);
  });
}

Value Splitter::partAt(Value buffer, ArrayRef<int64_t> start) {
  auto found = parts.find(buffer);
  return found == parts.end() ? buffer
                              : found->second.at(SmallVector<int64_t>(start));
}

SmallVector<Value> Splitter::zeros(Location loc, Value buffer) {
  return SmallVector<Value>(
      shapeOf(buffer).size(),
      Value(arith::ConstantIndexOp::create(builder, loc, 0)));
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

void Splitter::split(tile::ParallelOp loop) {
  SmallVector<BufferCuts::Parts> lists;
  size_t number = 1;
  for (unsigned i = 0; i < loop.getExtents().size(); ++i) {
    lists.push_back(cuts.getParts(loop, i));
    number *= lists.back().size();
  }
  if (number == 1)
    return;
  forEach(lists, [&](const Place &place) {
    builder.setInsertionPoint(loop);
    SmallVector<int64_t> extents;
    for (auto [first, size] : place)
      extents.push_back(size);
    auto copy = cast<tile::ParallelOp>(builder.clone(*loop));
    copy.setExtents(extents);
    builder.setInsertionPointToStart(&copy.getBody().front());
    for (auto [i, part] : llvm::enumerate(place)) {
      BlockArgument index = copy.getBody().getArgument(i);
      if (part.first == 0)
        continue;
      Value offset =
          arith::ConstantIndexOp::create(builder, loop.getLoc(), part.first);
      Value moved =
          arith::AddIOp::create(builder, loop.getLoc(), index, offset);
      index.replaceAllUsesExcept(moved, moved.getDefiningOp());
    }
  });
  loop.erase();
}

void Splitter::split(tile::CopyOp copy) {
  Location loc = copy.getLoc();
  SmallVector<int64_t> fromSizes(copy.getSourceSizes());
  SmallVector<int64_t> toSizes(copy.getTargetSizes());
  SmallVector<unsigned> from = getRunningDims(fromSizes);
  SmallVector<unsigned> to = getRunningDims(toSizes);
  // Parts of the region, along the dimensions that both sides have.
  auto ends = [&](bool isSource, unsigned number, std::set<int64_t> &at) {
    Value buffer = isSource ? copy.getSource() : copy.getTarget();
    if (!cuts.isCut(buffer))
      return;
    unsigned dim = isSource ? from[number] : to[number];
    Value offset =
        isSource ? copy.getSourceOffsets()[dim] : copy.getTargetOffsets()[dim];
    int64_t start = *IndexExpr::of(offset).getConstant();
    for (auto [first, size] : cuts.getParts(buffer, dim))
      if (first > start && first < start + fromSizes[from[number]])
        at.insert(first - start);
  };
  SmallVector<BufferCuts::Parts> lists;
  for (unsigned number = 0; number < from.size(); ++number) {
    std::set<int64_t> at;
    ends(true, number, at);
    ends(false, number, at);
    BufferCuts::Parts list;
    int64_t first = 0;
    at.insert(fromSizes[from[number]]);
    for (int64_t end : at) {
      list.push_back({first, end - first});
      first = end;
    }
    lists.push_back(list);
  }
  forEach(lists, [&](const Place &place) {
    builder.setInsertionPoint(copy);
    auto side = [&](bool isSource, SmallVectorImpl<Value> &offsets,
                    SmallVectorImpl<int64_t> &sizes) -> Value {
      Value buffer = isSource ? copy.getSource() : copy.getTarget();
      OperandRange old =
          isSource ? copy.getSourceOffsets() : copy.getTargetOffsets();
      sizes.assign(isSource ? fromSizes : toSizes);
      SmallVector<int64_t> moves(sizes.size());
      for (auto [number, dim] : llvm::enumerate(isSource ? from : to)) {
        moves[dim] = place[number].first;
        sizes[dim] = place[number].second;
      }
      if (!cuts.isCut(buffer)) {
        for (auto [dim, offset] : llvm::enumerate(old))
          offsets.push_back(moves[dim] == 0
                                ? offset
                                : Value(arith::AddIOp::create(
                                      builder, loc, offset,
                                      arith::ConstantIndexOp::create(
                                          builder, loc, moves[dim]))));
        return buffer;
      }
      SmallVector<int64_t> start;
      for (auto [dim, offset] : llvm::enumerate(old))
        start.push_back(*IndexExpr::of(offset).getConstant() + moves[dim]);
      Value part = partAt(buffer, start);
      offsets.assign(zeros(loc, part));
      return part;
    };
    SmallVector<Value> sourceOffsets, targetOffsets;
    SmallVector<int64_t> sourceSizes, targetSizes;
    Value source = side(true, sourceOffsets, sourceSizes);
    Value target = side(false, targetOffsets, targetSizes);
    tile::CopyOp::create(builder, loc, source, sourceOffsets, sourceSizes,
                         target, targetOffsets, targetSizes);
  });
  copy.erase();
}

void Splitter::split(tile::FillOp fill) {
  builder.setInsertionPoint(fill);
  for (auto &[start, part] : parts[fill.getBuffer()])
    tile::FillOp::create(builder, fill.getLoc(), part, fill.getValue());
  fill.erase();
}

void Splitter::split(tile::ReduceOp reduce) {
  builder.setInsertionPoint(reduce);
  Value source = reduce.getSource(), target = reduce.getTarget();
  unsigned reduced = reduce.getDim();
  bool keepsRank = shapeOf(source).size() == shapeOf(target).size();
  SmallVector<BufferCuts::Parts> lists;
  for (unsigned dim = 0; dim < shapeOf(source).size(); ++dim)
    lists.push_back(cuts.getParts(source, dim));
  forEach(lists, [&](const Place &place) {
    SmallVector<int64_t> from, to;
    for (auto [dim, part] : llvm::enumerate(place)) {
      from.push_back(part.first);
      if (dim != reduced)
        to.push_back(part.first);
      else if (keepsRank)
        to.push_back(0);
    }
    if (to.empty())
      to.push_back(0);
    bool clear = reduce.getClear() && place[reduced].first == 0;
    tile::ReduceOp::create(builder, reduce.getLoc(), reduce.getKind(),
                           partAt(source, from), partAt(target, to), reduced,
                           clear);
  });
  reduce.erase();
}

void Splitter::split(tile::GemmOp gemm) {
  builder.setInsertionPoint(gemm);
  bool ta = gemm.getTransposeA(), tb = gemm.getTransposeB();
  SmallVector<BufferCuts::Parts> lists = {cuts.getParts(gemm.getA(), ta),
                                          cuts.getParts(gemm.getB(), !tb),
                                          cuts.getParts(gemm.getA(), !ta)};
  forEach(lists, [&](const Place &place) {
    int64_t m = place[0].first, n = place[1].first, k = place[2].first;
    auto at = [](int64_t first, int64_t second, bool turned) {
      return turned ? SmallVector<int64_t>{second, first}
                    : SmallVector<int64_t>{first, second};
    };
    tile::GemmOp::create(
        builder, gemm.getLoc(), partAt(gemm.getA(), at(m, k, ta)),
        partAt(gemm.getB(), at(k, n, tb)), partAt(gemm.getC(), at(m, n, false)),
        ta, tb, gemm.getClearAccum() && k == 0);
  });
  gemm.erase();
}

void Splitter::redirect(Operation *access) {
  bool isLoad = isa<memref::LoadOp>(access);
  OpOperand &buffer = access->getOpOperand(isLoad ? 0 : 1);
  if (!cuts.isCut(buffer.get()))
    return;
  SmallVector<DimAccess> dims = *getDimAccesses(access);
  SmallVector<int64_t> start;
  builder.setInsertionPoint(access);
  for (auto [dim, place] : llvm::enumerate(dims)) {
    int64_t first = 0;
    for (auto [begin, size] : cuts.getParts(buffer.get(), dim))
      if (begin <= place.start)
        first = begin;
    start.push_back(first);
    OpOperand &index = access->getOpOperand((isLoad ? 1 : 2) + dim);
    if (first != 0)
      index.set(arith::SubIOp::create(
          builder, access->getLoc(), index.get(),
          arith::ConstantIndexOp::create(builder, access->getLoc(), first)));
  }
  buffer.set(partAt(buffer.get(), start));
}

void Splitter::run() {
  for (Value buffer : cuts.getBuffers())
    makeParts(buffer);
  SmallVector<Operation *> ops;
  launch.walk([&](tile::ParallelOp loop) { ops.push_back(loop); });
  for (Operation *op : ops)
    split(cast<tile::ParallelOp>(op));
  ops.clear();
  launch.walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : ops) {
    bool isUsed = llvm::any_of(
        op->getOperands(), [&](Value value) { return parts.contains(value); });
    if (!isUsed)
      continue;
    if (isa<memref::LoadOp, memref::StoreOp>(op))
      redirect(op);
    else if (auto copy = dyn_cast<tile::CopyOp>(op))
      split(copy);
    else if (auto fill = dyn_cast<tile::FillOp>(op))
      split(fill);
    else if (auto reduce = dyn_cast<tile::ReduceOp>(op))
      split(reduce);
    else
      split(cast<tile::GemmOp>(op));
  }
  for (Value buffer : cuts.getBuffers())
    buffer.getDefiningOp()->erase();
}

//===----------------------------------------------------------------------===//
// Loops that pick a part
//===----------------------------------------------------------------------===//

/// Whether an index of the loop picks a matrix of a buffer that holds several,
/// or a part of one that is neither a row nor a column.
static bool picksPart(tile::ForOp loop) {
  Value index = loop.getInductionVar();
  auto picks = [&](Value buffer, ArrayRef<IndexExpr> starts,
                   ArrayRef<int64_t> sizes) {
    if (!buffer.getDefiningOp<tile::AllocOp>())
      return false;
    SmallVector<unsigned> running = getRunningDims(shapeOf(buffer));
    for (auto [dim, start] : llvm::enumerate(starts)) {
      bool isOuter = llvm::is_contained(
          ArrayRef(running).drop_back(std::min<size_t>(running.size(), 2)),
          dim);
      if (start.dependsOn(index) && (isOuter || sizes[dim] > 1))
        return true;
    }
    return false;
  };
  auto copied = [&](Value buffer, OperandRange offsets,
                    ArrayRef<int64_t> sizes) {
    SmallVector<IndexExpr> starts;
    for (Value offset : offsets)
      starts.push_back(IndexExpr::of(offset));
    return picks(buffer, starts, sizes);
  };
  auto accessed = [&](Operation *op, Value buffer, ValueRange indices) {
    auto parallel = op->getParentOfType<tile::ParallelOp>();
    if (!parallel)
      return false;
    SmallVector<IndexExpr> starts;
    SmallVector<int64_t> sizes;
    for (Value each : indices) {
      IndexExpr start = IndexExpr::of(each);
      int64_t size = 1;
      for (auto [i, extent] : llvm::enumerate(parallel.getExtents())) {
        BlockArgument argument = parallel.getBody().getArgument(i);
        if (start.dependsOn(argument) && start.getCoefficient(argument))
          size = std::max(size, extent);
      }
      starts.push_back(start);
      sizes.push_back(size);
    }
    return picks(buffer, starts, sizes);
  };
  return loop
      .walk([&](Operation *op) {
        bool found = false;
        if (auto load = dyn_cast<memref::LoadOp>(op))
          found = accessed(op, load.getMemRef(), load.getIndices());
        else if (auto store = dyn_cast<memref::StoreOp>(op))
          found = accessed(op, store.getMemRef(), store.getIndices());
        else if (auto copy = dyn_cast<tile::CopyOp>(op))
          found = copied(copy.getSource(), copy.getSourceOffsets(),
                         copy.getSourceSizes()) ||
                  copied(copy.getTarget(), copy.getTargetOffsets(),
                         copy.getTargetSizes());
        return found ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

static void unroll(tile::ForOp loop) {
  std::optional<int64_t> lower = IndexExpr::of(loop.getLower()).getConstant();
  std::optional<int64_t> upper = IndexExpr::of(loop.getUpper()).getConstant();
  std::optional<int64_t> step = IndexExpr::of(loop.getStep()).getConstant();
  if (!lower || !upper || !step || *step <= 0 ||
      *upper - *lower > kMaxUnrolled * *step)
    return;
  OpBuilder builder(loop);
  for (int64_t at = *lower; at < *upper; at += *step) {
    IRMapping mapping;
    mapping.map(loop.getInductionVar(),
                arith::ConstantIndexOp::create(builder, loop.getLoc(), at));
    for (Operation &op : loop.getBody().front())
      builder.clone(op, mapping);
  }
  loop.erase();
}

void splitBuffers(tile::FuncOp func) {
  SmallVector<tile::ForOp> loops;
  func.walk([&](tile::ForOp loop) {
    if (picksPart(loop))
      loops.push_back(loop);
  });
  for (tile::ForOp loop : loops) // inner ones first
    unroll(loop);
  func.walk([&](tile::LaunchOp launch) {
    BufferCuts cuts(launch);
    if (cuts.find())
      Splitter(launch, cuts).run();
  });
}

} // namespace tilewright
