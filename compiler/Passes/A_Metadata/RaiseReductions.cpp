//===- RaiseReductions.cpp - Reductions out of loop nests -----------------===//
//
// T.reducer_update, or `r[i] += x[i, j]` in serial loops:
//
//   for i in 0..I:                 parallel i, j: terms[i, j] = value
//     for j in 0..J:          ->   reduce sum terms, r along j, onto r
//       r[i] = r[i] + value
//
// A nest is one or two loops over constant ranges from 0 that hold nothing
// else. Its body stores once, to an on-chip vector, the sum, maximum or minimum
// of the element that is there and of a value that does not depend on the
// vector. The element is that of one of the indices, or the only one.
//
// The order of additions changes; that of a reduction is not specified.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/RaiseReductions.h"

#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tilewright {

namespace {
struct Nest {
  SmallVector<tile::ForOp> loops; ///< outermost first
  SmallVector<int64_t> extents;
  memref::StoreOp store;
  memref::LoadOp old;
  Operation *combine = nullptr;
  Value term;
  tile::ReduceKind kind = tile::ReduceKind::Sum;
  int kept = -1; ///< the loop whose index says the element; -1 for none
};
} // namespace

static std::optional<int64_t> getExtent(tile::ForOp loop) {
  APInt lower, upper, step;
  if (!matchPattern(loop.getLower(), m_ConstantInt(&lower)) ||
      !matchPattern(loop.getUpper(), m_ConstantInt(&upper)) ||
      !matchPattern(loop.getStep(), m_ConstantInt(&step)) || !lower.isZero() ||
      !step.isOne() || !upper.isStrictlyPositive())
    return std::nullopt;
  return upper.getSExtValue();
}

static std::optional<tile::ReduceKind> getKind(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<tile::ReduceKind>>(op)
      .Case<arith::AddFOp, arith::AddIOp>(
          [](auto) { return tile::ReduceKind::Sum; })
      .Case<arith::MaximumFOp, arith::MaxSIOp>(
          [](auto) { return tile::ReduceKind::Max; })
      .Case<arith::MinimumFOp, arith::MinSIOp>(
          [](auto) { return tile::ReduceKind::Min; })
      .Default([](Operation *) { return std::nullopt; });
}

/// The one loop of `block`, beside constants.
static tile::ForOp getOnlyLoop(Block &block) {
  tile::ForOp found;
  for (Operation &op : block) {
    if (op.hasTrait<OpTrait::ConstantLike>())
      continue;
    auto loop = dyn_cast<tile::ForOp>(op);
    if (!loop || found)
      return {};
    found = loop;
  }
  return found;
}

static bool matchBody(Nest &nest) {
  Block &body = nest.loops.back().getBody().front();
  for (Operation &op : body) {
    if (auto store = dyn_cast<memref::StoreOp>(op)) {
      if (nest.store)
        return false;
      nest.store = store;
    } else if (!isa<memref::LoadOp>(op) &&
               (op.getNumRegions() != 0 || !isPure(&op))) {
      return false;
    }
  }
  if (!nest.store || !nest.store.getMemRef().getDefiningOp<tile::AllocOp>() ||
      nest.store.getMemRefType().getRank() != 1)
    return false;
  nest.combine = nest.store.getValueToStore().getDefiningOp();
  std::optional<tile::ReduceKind> kind;
  if (nest.combine)
    kind = getKind(nest.combine);
  if (!kind || !nest.combine->hasOneUse() ||
      nest.combine->getBlock() != &body)
    return false;
  nest.kind = *kind;
  for (Operation &op : body) {
    auto load = dyn_cast<memref::LoadOp>(op);
    if (!load || load.getMemRef() != nest.store.getMemRef())
      continue;
    if (nest.old || !load->hasOneUse() ||
        *load->user_begin() != nest.combine ||
        load.getIndices() != nest.store.getIndices())
      return false;
    nest.old = load;
  }
  if (!nest.old)
    return false;
  nest.term = nest.combine->getOperand(
      nest.combine->getOperand(0) == nest.old.getResult() ? 1 : 0);
  return nest.term != nest.old.getResult();
}

static bool matchElement(Nest &nest) {
  Value index = nest.store.getIndices().front();
  int64_t length = nest.store.getMemRefType().getDimSize(0);
  for (auto [number, loop] : llvm::enumerate(nest.loops))
    if (index == loop.getInductionVar())
      nest.kept = number;
  if (nest.kept >= 0)
    return nest.loops.size() == 2 && length == nest.extents[nest.kept];
  return length == 1 && matchPattern(index, m_Zero());
}

static std::optional<Nest> match(tile::ForOp outer) {
  Nest nest;
  for (tile::ForOp loop = outer; loop;
       loop = getOnlyLoop(loop.getBody().front())) {
    std::optional<int64_t> extent = getExtent(loop);
    if (!extent || nest.loops.size() == 2)
      return std::nullopt;
    nest.loops.push_back(loop);
    nest.extents.push_back(*extent);
  }
  if (!matchBody(nest) || !matchElement(nest))
    return std::nullopt;
  return nest;
}

static Value createBuffer(OpBuilder &builder, Location loc, const Twine &name,
                          ArrayRef<int64_t> shape, Type element) {
  auto type = MemRefType::get(
      shape, element, MemRefLayoutAttrInterface(),
      tile::ScopeAttr::get(builder.getContext(), tile::Scope::Fragment));
  return tile::AllocOp::create(
      builder, NameLoc::get(builder.getStringAttr(name), loc), type,
      builder.getStringAttr(name));
}

static void raise(Nest &nest) {
  tile::ForOp outer = nest.loops.front();
  Value target = nest.store.getMemRef();
  Location loc = nest.store.getLoc();
  OpBuilder builder(outer);
  std::string name = getBufferName(target);
  Type element = nest.store.getMemRefType().getElementType();
  Value terms =
      createBuffer(builder, loc, name + "_terms", nest.extents, element);
  OperationState state(loc, tile::ParallelOp::getOperationName());
  SmallVector<Attribute> names;
  for (tile::ForOp loop : nest.loops)
    names.push_back(loop.getNameAttr());
  state.addAttribute("extents", builder.getDenseI64ArrayAttr(nest.extents));
  state.addAttribute("names", builder.getArrayAttr(names));
  state.addRegion();
  auto parallel = cast<tile::ParallelOp>(builder.create(state));
  {
    OpBuilder::InsertionGuard guard(builder);
    Block *body = builder.createBlock(&parallel.getBody());
    IRMapping mapping;
    for (tile::ForOp loop : nest.loops)
      mapping.map(loop.getInductionVar(),
                  body->addArgument(builder.getIndexType(), loop.getLoc()));
    for (tile::ForOp loop : nest.loops)
      for (Operation &op : loop.getBody().front())
        if (!isa<tile::ForOp>(op) && &op != nest.store.getOperation() &&
            &op != nest.combine && &op != nest.old.getOperation())
          builder.clone(op, mapping);
    memref::StoreOp::create(builder, loc, mapping.lookupOrDefault(nest.term),
                            terms, body->getArguments());
  }
  auto reduce = [&](Value source, Value into, int64_t dim, bool clear) {
    tile::ReduceOp::create(builder, loc, nest.kind, source, into, dim, clear);
  };
  if (nest.loops.size() == 2 && nest.kept < 0) {
    Value rows = createBuffer(builder, loc, name + "_rows", nest.extents[0],
                              element);
    reduce(terms, rows, 1, /*clear=*/true);
    reduce(rows, target, 0, /*clear=*/false);
  } else {
    reduce(terms, target, nest.kept == 0 ? 1 : 0, /*clear=*/false);
  }
  outer.erase();
}

/// Part of L1 that the values of one nest may take: there are other buffers.
static constexpr int64_t kPartOfL1 = 4;

/// Bytes of the values, in whole tiles.
static int64_t getTermBytes(const Nest &nest) {
  constexpr int64_t tile = 32;
  int64_t elements = nest.loops.size() == 1 ? tile : 1;
  for (int64_t extent : nest.extents)
    elements *= llvm::alignTo(extent, tile);
  return elements * nest.term.getType().getIntOrFloatBitWidth() / 8;
}

void raiseReductions(tile::FuncOp func, int64_t l1Free) {
  SmallVector<tile::ForOp> loops;
  func.walk<WalkOrder::PreOrder>([&](tile::ForOp loop) {
    if (loop->getParentOfType<tile::ParallelOp>())
      return WalkResult::advance();
    std::optional<Nest> nest = match(loop);
    if (!nest || getTermBytes(*nest) > l1Free / kPartOfL1)
      return WalkResult::advance();
    loops.push_back(loop);
    return WalkResult::skip();
  });
  for (tile::ForOp loop : loops)
    if (std::optional<Nest> nest = match(loop))
      raise(*nest);
}

} // namespace tilewright
