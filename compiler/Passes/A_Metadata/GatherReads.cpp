//===- GatherReads.cpp - Reads of tensors without tile form ---------------===//
//
// A block is read as tiles where each index of the read is a loop variable plus
// an offset that does not change in the loop. Of
//
//   for i, j: y[i, j] = f(x[i // 2, (j * 3) % 7])
//
// the read becomes a loop of its own, in front:
//
//   for i, j: x_gathered[i, j] = x[i // 2, (j * 3) % 7]      (gathers)
//   for i, j: y[i, j] = f(x_gathered[i, j])
//
// A choice between the element and a constant goes with it: its condition is
// mostly about the same indices. What the read takes out of the loop is its
// slice: arithmetic, and reads of tensors that the launch does not write.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/GatherReads.h"

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Analysis/Scalars.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Iterators.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

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

class Gatherer {
public:
  Gatherer(tile::FuncOp func, tile::ParallelOp loop) : func(func), loop(loop) {}
  void run();

private:
  bool runs(BlockArgument argument) const {
    return loop.getExtents()[argument.getArgNumber()] != 1;
  }
  bool changes(Value value) const;
  std::optional<StringRef> whyNotTiles(memref::LoadOp load) const;
  Value findRoot(memref::LoadOp load) const;
  bool collect(Value value, llvm::SetVector<Operation *> &slice) const;
  Value mergeInto(tile::ParallelOp gathered, Value buffer);
  void gather(memref::LoadOp load, StringRef why);

  tile::FuncOp func;
  mutable tile::ParallelOp loop; // MLIR's accessors are not const
  SmallVector<std::pair<tile::ParallelOp, Value>> made;
};

/// Whether `value` differs from iteration to iteration.
bool Gatherer::changes(Value value) const {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return argument.getOwner() == &loop.getBody().front() && runs(argument);
  Operation *op = value.getDefiningOp();
  return loop->isProperAncestor(op) &&
         (op->getNumRegions() != 0 ||
          llvm::any_of(op->getOperands(),
                       [&](Value operand) { return changes(operand); }));
}

/// What keeps a read from being one of tiles; nothing where it is one.
std::optional<StringRef> Gatherer::whyNotTiles(memref::LoadOp load) const {
  llvm::SmallDenseSet<unsigned> used;
  for (Value index : load.getIndices()) {
    IndexExpr expr = IndexExpr::of(index);
    unsigned variables = 0;
    for (BlockArgument argument : loop.getBody().getArguments()) {
      std::optional<int64_t> coefficient = expr.getCoefficient(argument);
      if (!runs(argument) || coefficient == 0)
        continue;
      if (coefficient != 1)
        return "an index is not a loop variable plus an offset";
      if (++variables > 1)
        return "an index uses two loop variables";
      if (!used.insert(argument.getArgNumber()).second)
        return "two indices use the same loop variable";
      expr = expr.without(argument);
    }
    for (const IndexExpr::Term &term : expr.getTerms())
      for (const IndexExpr::Atom &atom : term.atoms)
        if (changes(atom.value))
          return atom.value.getDefiningOp<memref::LoadOp>()
                     ? "an index is read from a tensor"
                     : "an index is computed from a loop variable";
  }
  return std::nullopt;
}

/// The element, or the choice between it and a constant that alone uses it.
Value Gatherer::findRoot(memref::LoadOp load) const {
  Value root = load;
  while (root.hasOneUse()) {
    auto select = dyn_cast<arith::SelectOp>(*root.getUsers().begin());
    if (!select || select.getCondition() == root)
      break;
    Value other = select.getTrueValue() == root ? select.getFalseValue()
                                                : select.getTrueValue();
    llvm::SetVector<Operation *> slice;
    if (!matchPattern(other, m_Constant()) ||
        !collect(select.getCondition(), slice) ||
        llvm::any_of(slice, [](Operation *op) {
          return isa<memref::LoadOp>(op) ||
                 llvm::any_of(op->getOperandTypes(), llvm::IsaPred<FloatType>);
        }))
      break;
    root = select;
  }
  return root;
}

/// Collects what `value` is computed from inside the loop, operands first;
/// false where that cannot stand in a loop of its own.
bool Gatherer::collect(Value value, llvm::SetVector<Operation *> &slice) const {
  Operation *op = value.getDefiningOp();
  if (!op || !loop->isProperAncestor(op) || slice.contains(op))
    return true;
  if (op->getNumRegions() != 0)
    return false;
  if (auto load = dyn_cast<memref::LoadOp>(op)) {
    Value source = load.getMemRef();
    bool isFixed =
        isTensorOf(source, func)
            ? !isWritten(source) && load.getMemRefType().hasStaticShape()
            : isScalarBuffer(source);
    if (!isFixed)
      return false;
  } else if (!isPure(op)) {
    return false;
  }
  for (Value operand : op->getOperands())
    if (!collect(operand, slice))
      return false;
  slice.insert(op);
  return true;
}

/// The buffer of an earlier loop that gathers the same, instead of `gathered`
/// with its `buffer`; else that one.
Value Gatherer::mergeInto(tile::ParallelOp gathered, Value buffer) {
  for (auto [other, known] : made) {
    if (known.getType() != buffer.getType())
      continue;
    llvm::DenseMap<Value, Value> same = {{known, buffer}};
    auto isSame = [&](Value a, Value b) {
      return success(a == b || same.lookup(a) == b);
    };
    auto mark = [&](Value a, Value b) { same[a] = b; };
    if (!OperationEquivalence::isRegionEquivalentTo(
            &other.getBody(), &gathered.getBody(), isSame, mark,
            OperationEquivalence::IgnoreLocations))
      continue;
    gathered.erase();
    buffer.getDefiningOp()->erase();
    return known;
  }
  made.push_back({gathered, buffer});
  return buffer;
}

void Gatherer::gather(memref::LoadOp load, StringRef why) {
  Value root = findRoot(load);
  llvm::SetVector<Operation *> slice;
  SmallVector<int64_t> shape;
  SmallVector<unsigned> running;
  for (auto [index, extent] : llvm::enumerate(loop.getExtents()))
    if (extent != 1) {
      running.push_back(index);
      shape.push_back(extent);
    }
  if (running.empty() || running.size() > 2 || !collect(root, slice))
    return;
  Location loc = load.getLoc();
  std::string name = getBufferName(load.getMemRef());
  remarkCoded(loc, Code::Gathered)
      << "T.Parallel: a read of " << name << " has no tile form: " << why
      << "; the reader takes it element by element, which is slow";

  auto launch = loop->getParentOfType<tile::LaunchOp>();
  OpBuilder builder = OpBuilder::atBlockBegin(&launch.getBody().front());
  name += "_gathered";
  Value buffer = tile::AllocOp::create(
      builder, NameLoc::get(builder.getStringAttr(name), loc),
      MemRefType::get(
          shape, root.getType(), MemRefLayoutAttrInterface(),
          tile::ScopeAttr::get(builder.getContext(), tile::Scope::Fragment)),
      builder.getStringAttr(name));

  builder.setInsertionPoint(loop);
  OperationState state(loc, tile::ParallelOp::getOperationName());
  state.addAttribute("extents",
                     builder.getDenseI64ArrayAttr(loop.getExtents()));
  state.addAttribute("names", loop.getNames());
  state.addAttribute("gathers", builder.getUnitAttr());
  Block *body = new Block();
  state.addRegion()->push_back(body);
  IRMapping map;
  for (BlockArgument argument : loop.getBody().getArguments())
    map.map(argument, body->addArgument(argument.getType(), argument.getLoc()));
  auto indices = [&](Block *block) {
    return llvm::map_to_vector(running, [&](unsigned index) -> Value {
      return block->getArgument(index);
    });
  };
  builder.create(state);
  builder.setInsertionPointToEnd(body);
  for (Operation *op : slice)
    builder.clone(*op, map);
  memref::StoreOp::create(builder, loc, map.lookup(root), buffer,
                          indices(body));
  buffer = mergeInto(cast<tile::ParallelOp>(body->getParentOp()), buffer);

  builder.setInsertionPointAfterValue(root);
  Value element = memref::LoadOp::create(builder, loc, buffer,
                                         indices(&loop.getBody().front()));
  root.replaceAllUsesWith(element);
}

/// The last read that is not one of tiles and was not tried: what only its
/// indices need is gone when an earlier one is looked at.
void Gatherer::run() {
  llvm::SmallPtrSet<Operation *, 8> tried;
  while (true) {
    memref::LoadOp next;
    StringRef why;
    loop.walk([&](memref::LoadOp load) {
      if (!isTensorOf(load.getMemRef(), func) || tried.contains(load))
        return;
      if (std::optional<StringRef> reason = whyNotTiles(load)) {
        next = load;
        why = *reason;
      }
    });
    if (!next)
      return;
    tried.insert(next);
    gather(next, why);
    loop.walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
      if (isOpTriviallyDead(op))
        op->erase();
    });
  }
}

} // namespace

void gatherReads(tile::FuncOp func) {
  SmallVector<tile::ParallelOp> loops;
  func.walk([&](tile::ParallelOp loop) { loops.push_back(loop); });
  for (tile::ParallelOp loop : loops)
    Gatherer(func, loop).run();
}

} // namespace tilewright
