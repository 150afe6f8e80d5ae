//===- BufferCuts.cpp - Where buffers and loops are cut -------------------===//
//
//   1. An access to less than a whole dimension of a buffer cuts the buffer at
//      its ends. A buffer of more than two running dimensions is cut into
//      matrices.
//   2. A cut passes through everything that uses the buffer: a parallel loop
//      whose index runs across it is cut, and with it all buffers that the
//      index runs through; the other side of a copy; operands and result of a
//      gemm along M, N and K; what a reduction keeps.
//   3. What cannot be cut (prints, scans, indices that are only known when the
//      kernel runs) leaves the launch as it is.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/BufferCuts.h"

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Analysis/Scalars.h"
#include "compiler/Dialect/TT/TT.h"

using namespace mlir;

namespace tilewright {

/// More parts than this make no program that a person would want.
static constexpr size_t kMaxParts = 16;

static ArrayRef<int64_t> shapeOf(Value buffer) {
  return cast<MemRefType>(buffer.getType()).getShape();
}

static bool isBuffer(Value value) {
  return value.getDefiningOp<tile::AllocOp>() && !isScalarBuffer(value);
}

static ValueRange indicesOf(Operation *access) {
  if (auto load = dyn_cast<memref::LoadOp>(access))
    return load.getIndices();
  return cast<memref::StoreOp>(access).getIndices();
}

std::optional<SmallVector<DimAccess>> getDimAccesses(Operation *access) {
  auto loop = access->getParentOfType<tile::ParallelOp>();
  if (!loop)
    return std::nullopt;
  SmallVector<DimAccess> result;
  for (Value index : indicesOf(access)) {
    IndexExpr expr = IndexExpr::of(index);
    DimAccess dim;
    for (auto [i, extent] : llvm::enumerate(loop.getExtents())) {
      BlockArgument argument = loop.getBody().getArgument(i);
      std::optional<int64_t> coefficient = expr.getCoefficient(argument);
      if (!coefficient)
        return std::nullopt;
      if (*coefficient == 0 || extent == 1) {
        expr = expr.without(argument);
        continue;
      }
      if (*coefficient != 1 || dim.loopIndex >= 0)
        return std::nullopt;
      expr = expr.without(argument);
      dim.loopIndex = i;
      dim.size = extent;
    }
    std::optional<int64_t> start = expr.getConstant();
    if (!start)
      return std::nullopt;
    dim.start = *start;
    result.push_back(dim);
  }
  return result;
}

SmallVector<unsigned> getRunningDims(ArrayRef<int64_t> sizes) {
  SmallVector<unsigned> dims;
  for (auto [dim, size] : llvm::enumerate(sizes))
    if (size != 1)
      dims.push_back(dim);
  return dims;
}

//===----------------------------------------------------------------------===//
// Cuts
//===----------------------------------------------------------------------===//

void BufferCuts::cut(Value buffer, unsigned dim, int64_t at) {
  if (!isBuffer(buffer) || at <= 0 || at >= shapeOf(buffer)[dim])
    return;
  auto [entry, isNew] = buffers.try_emplace(buffer);
  if (isNew) {
    entry->second.resize(shapeOf(buffer).size());
    order.push_back(buffer);
  }
  std::set<int64_t> &places = entry->second[dim];
  if (!places.insert(at).second)
    return;
  failed |= places.size() >= kMaxParts;
  if (failed)
    return;
  for (OpOperand &use : buffer.getUses())
    pass(use, dim, at);
}

void BufferCuts::cutLoop(tile::ParallelOp loop, unsigned index, int64_t at) {
  if (at <= 0 || at >= loop.getExtents()[index])
    return;
  Cuts &cuts = loops[loop];
  cuts.resize(loop.getExtents().size());
  if (!cuts[index].insert(at).second)
    return;
  loop.walk([&](Operation *op) {
    if (!isa<memref::LoadOp, memref::StoreOp>(op))
      return;
    Value buffer = isa<memref::LoadOp>(op)
                       ? op->getOperand(0)
                       : cast<memref::StoreOp>(op).getMemRef();
    if (!isBuffer(buffer))
      return;
    std::optional<SmallVector<DimAccess>> dims = getDimAccesses(op);
    failed |= !dims;
    if (dims)
      for (auto [dim, access] : llvm::enumerate(*dims))
        if (access.loopIndex == static_cast<int>(index))
          cut(buffer, dim, access.start + at);
  });
}

void BufferCuts::pass(OpOperand &use, unsigned dim, int64_t at) {
  Operation *op = use.getOwner();
  if (isa<memref::LoadOp, memref::StoreOp>(op)) {
    std::optional<SmallVector<DimAccess>> dims = getDimAccesses(op);
    if (!dims) {
      failed = true;
    } else if ((*dims)[dim].loopIndex >= 0) {
      cutLoop(op->getParentOfType<tile::ParallelOp>(), (*dims)[dim].loopIndex,
              at - (*dims)[dim].start);
    }
  } else if (auto copy = dyn_cast<tile::CopyOp>(op)) {
    passCopy(copy, use.get() == copy.getSource(), dim, at);
  } else if (auto reduce = dyn_cast<tile::ReduceOp>(op)) {
    passReduce(reduce, use.get() == reduce.getSource(), dim, at);
  } else if (auto gemm = dyn_cast<tile::GemmOp>(op)) {
    passGemm(gemm, use.getOperandNumber(), dim, at);
  } else if (!isa<tile::FillOp>(op)) {
    failed = true;
  }
}

void BufferCuts::passCopy(tile::CopyOp copy, bool isSource, unsigned dim,
                          int64_t at) {
  if (copy.getSource() == copy.getTarget()) {
    failed = true;
    return;
  }
  OperandRange from =
      isSource ? copy.getSourceOffsets() : copy.getTargetOffsets();
  OperandRange to =
      isSource ? copy.getTargetOffsets() : copy.getSourceOffsets();
  ArrayRef<int64_t> sizes =
      isSource ? copy.getSourceSizes() : copy.getTargetSizes();
  ArrayRef<int64_t> others =
      isSource ? copy.getTargetSizes() : copy.getSourceSizes();
  Value other = isSource ? copy.getTarget() : copy.getSource();
  std::optional<int64_t> start = IndexExpr::of(from[dim]).getConstant();
  SmallVector<unsigned> running = getRunningDims(sizes);
  SmallVector<unsigned> matched = getRunningDims(others);
  if (!start || running.size() != matched.size()) {
    failed = true;
    return;
  }
  int64_t place = at - *start;
  if (place <= 0 || place >= sizes[dim] || !isBuffer(other))
    return;
  unsigned number = llvm::find(running, dim) - running.begin();
  std::optional<int64_t> otherStart =
      IndexExpr::of(to[matched[number]]).getConstant();
  if (!otherStart)
    failed = true;
  else
    cut(other, matched[number], *otherStart + place);
}

/// The dimension of the target that `dim` of the source becomes; nothing for
/// the one that is reduced.
static std::optional<unsigned> keptDim(tile::ReduceOp reduce, unsigned dim) {
  if (dim == reduce.getDim())
    return std::nullopt;
  bool keepsRank =
      shapeOf(reduce.getTarget()).size() == shapeOf(reduce.getSource()).size();
  return keepsRank || dim < reduce.getDim() ? dim : dim - 1;
}

void BufferCuts::passReduce(tile::ReduceOp reduce, bool isSource, unsigned dim,
                            int64_t at) {
  for (unsigned d = 0; d < shapeOf(reduce.getSource()).size(); ++d) {
    std::optional<unsigned> kept = keptDim(reduce, d);
    if (!kept)
      continue;
    if (isSource && d == dim)
      cut(reduce.getTarget(), *kept, at);
    else if (!isSource && *kept == dim)
      cut(reduce.getSource(), d, at);
  }
}

void BufferCuts::passGemm(tile::GemmOp gemm, unsigned operand, unsigned dim,
                          int64_t at) {
  for (Value value : {gemm.getA(), gemm.getB(), gemm.getC()})
    failed |= shapeOf(value).size() != 2;
  if (failed)
    return;
  // Dimensions as (operand, dimension) of M, N and K.
  unsigned am = gemm.getTransposeA(), bk = gemm.getTransposeB();
  const std::pair<unsigned, unsigned> same[][2] = {
      {{0, am}, {2, 0}}, {{1, 1 - bk}, {2, 1}}, {{0, 1 - am}, {1, bk}}};
  for (const auto &pair : same)
    for (unsigned side : {0u, 1u})
      if (pair[side] == std::pair(operand, dim))
        cut(gemm->getOperand(pair[1 - side].first), pair[1 - side].second, at);
}

//===----------------------------------------------------------------------===//
// Where cuts start
//===----------------------------------------------------------------------===//

void BufferCuts::startAccess(Value buffer, unsigned dim, int64_t first,
                             int64_t size, bool isLoad) {
  int64_t extent = shapeOf(buffer)[dim];
  // The first row, column or element of a tile is a broadcast.
  bool isBroadcast =
      isLoad && size == 1 && first == 0 && extent <= tt::kTileDim;
  if (size == extent || isBroadcast)
    return;
  failed |= first < 0 || first + size > extent;
  cut(buffer, dim, first);
  cut(buffer, dim, first + size);
}

void BufferCuts::start(tile::AllocOp alloc) {
  Value buffer = alloc.getBuffer();
  if (!isBuffer(buffer))
    return;
  SmallVector<unsigned> running = getRunningDims(shapeOf(buffer));
  for (size_t i = 0; i + 2 < running.size(); ++i)
    for (int64_t at = 1; at < shapeOf(buffer)[running[i]] && !failed; ++at)
      cut(buffer, running[i], at);
  for (OpOperand &use : buffer.getUses()) {
    Operation *op = use.getOwner();
    if (auto copy = dyn_cast<tile::CopyOp>(op)) {
      bool isSource = use.get() == copy.getSource();
      OperandRange offsets =
          isSource ? copy.getSourceOffsets() : copy.getTargetOffsets();
      ArrayRef<int64_t> sizes =
          isSource ? copy.getSourceSizes() : copy.getTargetSizes();
      for (auto [dim, offset] : llvm::enumerate(offsets)) {
        std::optional<int64_t> first = IndexExpr::of(offset).getConstant();
        if (first)
          startAccess(buffer, dim, *first, sizes[dim], /*isLoad=*/false);
        else if (sizes[dim] != shapeOf(buffer)[dim])
          failed = true;
      }
    } else if (isa<memref::LoadOp, memref::StoreOp>(op)) {
      std::optional<SmallVector<DimAccess>> dims = getDimAccesses(op);
      // A single element is taken out in another way.
      if (!dims || llvm::all_of(*dims, [](const DimAccess &access) {
            return access.loopIndex < 0;
          }))
        continue;
      for (auto [dim, access] : llvm::enumerate(*dims))
        startAccess(buffer, dim, access.start, access.size,
                    isa<memref::LoadOp>(op));
    }
    if (failed)
      return;
  }
}

bool BufferCuts::find() {
  launch.walk([&](tile::AllocOp alloc) {
    if (!failed)
      start(alloc);
  });
  return !failed && !buffers.empty();
}

static BufferCuts::Parts partsOf(const std::set<int64_t> *cuts,
                                 int64_t extent) {
  BufferCuts::Parts parts;
  int64_t first = 0;
  if (cuts)
    for (int64_t at : *cuts) {
      parts.push_back({first, at - first});
      first = at;
    }
  parts.push_back({first, extent - first});
  return parts;
}

BufferCuts::Parts BufferCuts::getParts(Value buffer, unsigned dim) const {
  auto found = buffers.find(buffer);
  return partsOf(found == buffers.end() ? nullptr : &found->second[dim],
                 shapeOf(buffer)[dim]);
}

BufferCuts::Parts BufferCuts::getParts(tile::ParallelOp loop,
                                       unsigned index) const {
  auto found = loops.find(loop);
  return partsOf(found == loops.end() ? nullptr : &found->second[index],
                 loop.getExtents()[index]);
}

} // namespace tilewright
