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

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Analysis/Scalars.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
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

class Mover {
public:
  Mover(tile::FuncOp func, tile::ParallelOp loop) : func(func), loop(loop) {}
  void run();

private:
  bool runs(BlockArgument argument) const {
    return loop.getExtents()[argument.getArgNumber()] != 1;
  }
  bool changes(Value value) const;
  std::optional<StringRef> whyNotTiles(ValueRange indices) const;
  Value findRoot(memref::LoadOp load) const;
  bool collect(Value value, llvm::SetVector<Operation *> &slice) const;
  Value mergeInto(tile::ParallelOp gathered, Value buffer);
  std::optional<SmallVector<unsigned>> getRunning() const;
  SmallVector<Value> placeIn(Block &body) const;
  Value createBuffer(Location loc, StringRef name, Type element);
  tile::ParallelOp createLoop(OpBuilder &builder, Location loc, StringRef kind,
                              const llvm::SetVector<Operation *> &slice,
                              IRMapping &map);
  void gather(memref::LoadOp load, StringRef why);
  std::optional<SmallVector<scf::IfOp>> getBranches(Operation *op) const;
  bool collectUpTo(Operation *place, Value value,
                   llvm::SetVector<Operation *> &slice) const;
  void scatter(memref::StoreOp store, StringRef why);
  void clean();

  tile::FuncOp func;
  mutable tile::ParallelOp loop; // MLIR's accessors are not const
  SmallVector<std::pair<tile::ParallelOp, Value>> made;
};

/// Whether `value` differs from iteration to iteration.
bool Mover::changes(Value value) const {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return argument.getOwner() == &loop.getBody().front() && runs(argument);
  Operation *op = value.getDefiningOp();
  return loop->isProperAncestor(op) &&
         (op->getNumRegions() != 0 ||
          llvm::any_of(op->getOperands(),
                       [&](Value operand) { return changes(operand); }));
}

/// What keeps an access from being one of tiles; nothing where it is one.
std::optional<StringRef> Mover::whyNotTiles(ValueRange indices) const {
  llvm::SmallDenseSet<unsigned> used;
  for (Value index : indices) {
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
Value Mover::findRoot(memref::LoadOp load) const {
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
bool Mover::collect(Value value, llvm::SetVector<Operation *> &slice) const {
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
Value Mover::mergeInto(tile::ParallelOp gathered, Value buffer) {
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

/// Loop variables that run, at most two; nothing where there are more or none.
std::optional<SmallVector<unsigned>> Mover::getRunning() const {
  SmallVector<unsigned> running;
  for (auto [index, extent] : llvm::enumerate(loop.getExtents()))
    if (extent != 1)
      running.push_back(index);
  if (running.empty() || running.size() > 2)
    return std::nullopt;
  return running;
}

SmallVector<Value> Mover::placeIn(Block &body) const {
  return llvm::map_to_vector(*getRunning(), [&](unsigned index) -> Value {
    return body.getArgument(index);
  });
}

/// An element for each iteration.
Value Mover::createBuffer(Location loc, StringRef name, Type element) {
  SmallVector<int64_t> shape;
  SmallVector<unsigned> running = *getRunning();
  for (unsigned index : running)
    shape.push_back(loop.getExtents()[index]);
  auto launch = loop->getParentOfType<tile::LaunchOp>();
  OpBuilder builder = OpBuilder::atBlockBegin(&launch.getBody().front());
  return tile::AllocOp::create(
      builder, NameLoc::get(builder.getStringAttr(name), loc),
      MemRefType::get(
          shape, element, MemRefLayoutAttrInterface(),
          tile::ScopeAttr::get(builder.getContext(), tile::Scope::Fragment)),
      builder.getStringAttr(name));
}

/// A loop over the same iterations that a data movement kernel runs, with a
/// copy of `slice`. The builder is left at its end.
tile::ParallelOp Mover::createLoop(OpBuilder &builder, Location loc,
                                   StringRef kind,
                                   const llvm::SetVector<Operation *> &slice,
                                   IRMapping &map) {
  OperationState state(loc, tile::ParallelOp::getOperationName());
  state.addAttribute("extents",
                     builder.getDenseI64ArrayAttr(loop.getExtents()));
  state.addAttribute("names", loop.getNames());
  state.addAttribute(kind, builder.getUnitAttr());
  Block *body = new Block();
  state.addRegion()->push_back(body);
  for (BlockArgument argument : loop.getBody().getArguments())
    map.map(argument, body->addArgument(argument.getType(), argument.getLoc()));
  auto made = cast<tile::ParallelOp>(builder.create(state));
  builder.setInsertionPointToEnd(body);
  for (Operation *op : slice)
    builder.clone(*op, map);
  return made;
}

void Mover::gather(memref::LoadOp load, StringRef why) {
  Value root = findRoot(load);
  llvm::SetVector<Operation *> slice;
  if (!getRunning() || !collect(root, slice))
    return;
  Location loc = load.getLoc();
  std::string name = getBufferName(load.getMemRef());
  remarkCoded(loc, Code::ElementsMoved)
      << "T.Parallel: a read of " << name << " has no tile form: " << why
      << "; the reader takes it element by element, which is slow";
  Value buffer = createBuffer(loc, name + "_gathered", root.getType());
  OpBuilder builder(loop);
  IRMapping map;
  tile::ParallelOp made = createLoop(builder, loc, "gathers", slice, map);
  memref::StoreOp::create(builder, loc, map.lookup(root), buffer,
                          placeIn(made.getBody().front()));
  buffer = mergeInto(made, buffer);
  builder.setInsertionPointAfterValue(root);
  Value element = memref::LoadOp::create(builder, loc, buffer,
                                         placeIn(loop.getBody().front()));
  root.replaceAllUsesWith(element);
}

/// Whether nothing but the store `only` uses `tensor`.
static bool isTouchedOnlyBy(Operation *only, Value tensor) {
  return llvm::all_of(tensor.getUsers(), [&](Operation *user) {
    return user == only || isa<memref::DimOp, tile::AnnotateLayoutOp>(user);
  });
}

/// The conditions around `op` inside the loop, outermost first; nothing where
/// something else is around it, or it stands in the other arm.
std::optional<SmallVector<scf::IfOp>> Mover::getBranches(Operation *op) const {
  SmallVector<scf::IfOp> branches;
  for (Operation *parent = op->getParentOp(); parent != loop;
       op = parent, parent = parent->getParentOp()) {
    auto branch = dyn_cast<scf::IfOp>(parent);
    if (!branch || branch.getNumResults() != 0 ||
        op->getBlock() != branch.thenBlock())
      return std::nullopt;
    branches.insert(branches.begin(), branch);
  }
  return branches;
}

/// Whether `value` can be computed in front of `place`, and how: reads that
/// pass no write of theirs, and arithmetic.
bool Mover::collectUpTo(Operation *place, Value value,
                        llvm::SetVector<Operation *> &slice) const {
  Operation *op = value.getDefiningOp();
  if (!op || !loop->isProperAncestor(op) || slice.contains(op) ||
      (op->getBlock() == place->getBlock() && op->isBeforeInBlock(place)))
    return true;
  if (op->getNumRegions() != 0)
    return false;
  if (auto load = dyn_cast<memref::LoadOp>(op)) {
    bool isStored = loop.walk([&](memref::StoreOp store) {
                          return store.getMemRef() == load.getMemRef()
                                     ? WalkResult::interrupt()
                                     : WalkResult::advance();
                        })
                        .wasInterrupted();
    if (isStored)
      return false;
  } else if (!isPure(op)) {
    return false;
  }
  for (Value operand : op->getOperands())
    if (!collectUpTo(place, operand, slice))
      return false;
  slice.insert(op);
  return true;
}

void Mover::scatter(memref::StoreOp store, StringRef why) {
  Value tensor = store.getMemRef();
  Value value = store.getValueToStore();
  std::optional<SmallVector<scf::IfOp>> branches = getBranches(store);
  if (!branches || !getRunning() || !isTouchedOnlyBy(store, tensor) ||
      !store.getMemRefType().hasStaticShape())
    return;
  llvm::SetVector<Operation *> slice, before;
  for (Value index : store.getIndices())
    if (!collect(index, slice))
      return;
  for (scf::IfOp branch : *branches)
    if (!collect(branch.getCondition(), slice))
      return;
  Operation *place = branches->empty() ? store.getOperation()
                                       : branches->front().getOperation();
  if (!collectUpTo(place, value, before))
    return;
  Location loc = store.getLoc();
  std::string name = getBufferName(tensor);
  remarkCoded(loc, Code::ElementsMoved)
      << "T.Parallel: a write of " << name << " has no tile form: " << why
      << "; the writer puts it there element by element, which is slow";
  Value buffer = createBuffer(loc, name + "_scattered", value.getType());
  OpBuilder builder(place);
  IRMapping here;
  for (Operation *op : before)
    builder.clone(*op, here);
  memref::StoreOp::create(builder, loc, here.lookupOrDefault(value), buffer,
                          placeIn(loop.getBody().front()));
  builder.setInsertionPointAfter(loop);
  IRMapping map;
  tile::ParallelOp made = createLoop(builder, loc, "scatters", slice, map);
  Value element = memref::LoadOp::create(builder, loc, buffer,
                                         placeIn(made.getBody().front()));
  Value condition;
  for (scf::IfOp branch : *branches) {
    Value next = map.lookupOrDefault(branch.getCondition());
    condition =
        condition ? arith::AndIOp::create(builder, loc, condition, next) : next;
  }
  if (condition) {
    auto branch = scf::IfOp::create(builder, loc, condition, false);
    builder.setInsertionPointToStart(branch.thenBlock());
  }
  SmallVector<Value> indices;
  for (Value index : store.getIndices())
    indices.push_back(map.lookupOrDefault(index));
  memref::StoreOp::create(builder, loc, element, tensor, indices);
  store.erase();
  for (scf::IfOp branch : llvm::reverse(*branches))
    if (llvm::hasSingleElement(*branch.thenBlock()) && !branch.elseBlock())
      branch.erase();
}

/// Erases what nothing needs any more.
void Mover::clean() {
  loop.walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
    if (isOpTriviallyDead(op))
      op->erase();
  });
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
  for (memref::StoreOp store : stores)
    if (std::optional<StringRef> why = whyNotTiles(store.getIndices()))
      scatter(store, *why);
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
