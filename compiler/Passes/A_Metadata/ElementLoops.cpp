//===- ElementLoops.cpp - Loops over single elements ----------------------===//

#include "compiler/Passes/A_Metadata/ElementLoops.h"

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Iterators.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace tilewright {

bool ElementLoops::changes(Value value) const {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return argument.getOwner() == &loop.getBody().front() && runs(argument);
  Operation *op = value.getDefiningOp();
  return loop->isProperAncestor(op) &&
         (op->getNumRegions() != 0 ||
          llvm::any_of(op->getOperands(),
                       [&](Value operand) { return changes(operand); }));
}

std::optional<StringRef> ElementLoops::whyNotTiles(ValueRange indices) const {
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

Value ElementLoops::findRoot(memref::LoadOp load) const {
  Value root = load;
  while (root.hasOneUse()) {
    auto select = dyn_cast<arith::SelectOp>(*root.getUsers().begin());
    if (!select || select.getCondition() == root)
      break;
    Value other = select.getTrueValue() == root ? select.getFalseValue()
                                                : select.getTrueValue();
    Slice slice;
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

bool ElementLoops::collect(Value value, Slice &slice) const {
  Operation *op = value.getDefiningOp();
  if (!op || !loop->isProperAncestor(op) || slice.contains(op))
    return true;
  if (op->getNumRegions() != 0)
    return false;
  if (auto load = dyn_cast<memref::LoadOp>(op)) {
    if (!isFixed(load))
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
Value ElementLoops::mergeInto(tile::ParallelOp gathered, Value buffer) {
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

std::optional<SmallVector<unsigned>> ElementLoops::getRunning() const {
  SmallVector<unsigned> running;
  for (auto [index, extent] : llvm::enumerate(loop.getExtents()))
    if (extent != 1)
      running.push_back(index);
  if (running.empty())
    running.push_back(0); // of a loop of one iteration
  if (running.size() > 2)
    return std::nullopt;
  return running;
}

SmallVector<Value> ElementLoops::placeIn(Block &body) const {
  return llvm::map_to_vector(*getRunning(), [&](unsigned index) -> Value {
    return body.getArgument(index);
  });
}

Value ElementLoops::createBuffer(Location loc, StringRef name, Type element) {
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

tile::ParallelOp ElementLoops::createLoop(OpBuilder &builder, Location loc,
                                          StringRef kind, const Slice &slice,
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

std::optional<SmallVector<scf::IfOp>>
ElementLoops::getBranches(Operation *op) const {
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

bool ElementLoops::collectUpTo(Operation *place, Value value,
                               Slice &slice) const {
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

void ElementLoops::takeOut(Value root, const Slice &slice, StringRef name,
                           StringRef kind) {
  Location loc = root.getLoc();
  Value buffer = createBuffer(loc, name, root.getType());
  OpBuilder builder(loop);
  IRMapping map;
  tile::ParallelOp made = createLoop(builder, loc, kind, slice, map);
  memref::StoreOp::create(builder, loc, map.lookup(root), buffer,
                          placeIn(made.getBody().front()));
  buffer = mergeInto(made, buffer);
  builder.setInsertionPointAfterValue(root);
  Value element = memref::LoadOp::create(builder, loc, buffer,
                                         placeIn(loop.getBody().front()));
  root.replaceAllUsesWith(element);
}

std::optional<ElementLoops::Deferred>
ElementLoops::defer(memref::StoreOp store) const {
  Deferred how;
  std::optional<SmallVector<scf::IfOp>> branches = getBranches(store);
  if (!branches || !getRunning())
    return std::nullopt;
  how.branches = *branches;
  for (Value index : store.getIndices())
    if (!collect(index, how.slice))
      return std::nullopt;
  for (scf::IfOp branch : how.branches)
    if (!collect(branch.getCondition(), how.slice))
      return std::nullopt;
  how.place = how.branches.empty() ? store.getOperation()
                                   : how.branches.front().getOperation();
  if (!collectUpTo(how.place, store.getValueToStore(), how.before))
    return std::nullopt;
  return how;
}

void ElementLoops::putOff(memref::StoreOp store, const Deferred &how,
                          StringRef name, StringRef kind, OpBuilder &behind) {
  Location loc = store.getLoc();
  Value value = store.getValueToStore();
  Value buffer = createBuffer(loc, name, value.getType());
  OpBuilder builder(how.place);
  IRMapping here;
  for (Operation *op : how.before)
    builder.clone(*op, here);
  memref::StoreOp::create(builder, loc, here.lookupOrDefault(value), buffer,
                          placeIn(loop.getBody().front()));
  OpBuilder::InsertionGuard guard(behind);
  IRMapping map;
  tile::ParallelOp made = createLoop(behind, loc, kind, how.slice, map);
  Value element = memref::LoadOp::create(behind, loc, buffer,
                                         placeIn(made.getBody().front()));
  Value condition;
  for (scf::IfOp branch : how.branches) {
    Value next = map.lookupOrDefault(branch.getCondition());
    condition =
        condition ? arith::AndIOp::create(behind, loc, condition, next) : next;
  }
  if (condition) {
    auto branch = scf::IfOp::create(behind, loc, condition, false);
    behind.setInsertionPointToStart(branch.thenBlock());
  }
  SmallVector<Value> indices;
  for (Value index : store.getIndices())
    indices.push_back(map.lookupOrDefault(index));
  memref::StoreOp::create(behind, loc, element, store.getMemRef(), indices);
  store.erase();
  for (scf::IfOp branch : llvm::reverse(how.branches))
    if (llvm::hasSingleElement(*branch.thenBlock()) && !branch.elseBlock())
      branch.erase();
}

void ElementLoops::clean() {
  loop.walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
    if (isOpTriviallyDead(op))
      op->erase();
  });
}

} // namespace tilewright
