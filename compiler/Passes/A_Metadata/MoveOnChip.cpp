//===- MoveOnChip.cpp - Parts of buffers ----------------------------------===//
//
// A block is a whole buffer to the passes that follow. Of
//
//   for i, j: y[i, 2 * j] = f(x[i, j // 2])
//
// the accesses become loops of their own:
//
//   for i, j: x_moved[i, j] = x[i, j // 2]                (moves)
//   for i, j: y_part[i, j] = f(x_moved[i, j])
//   for i, j: y[i, 2 * j] = y_part[i, j]                  (updates)
//
// which needs each element of x to be read before one is written. A row that is
// written, y[r, j] for all j, is a choice on tiles:
//
//   for i, j: y[i, j] = y_part[j] if i == r else y[i, j]
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/MoveOnChip.h"

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Analysis/Scalars.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Passes/A_Metadata/ElementLoops.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace tilewright {

/// Whether `memref` is an on-chip buffer of one matrix.
static bool isBlockBuffer(Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  return memref.getDefiningOp<tile::AllocOp>() && type.hasStaticShape() &&
         !isScalarBuffer(memref) &&
         llvm::count_if(type.getShape(),
                        [](int64_t size) { return size != 1; }) <= 2;
}

/// The buffer that `op` itself writes, if any.
static Value getWritten(Operation *op) {
  if (auto copy = dyn_cast<tile::CopyOp>(op))
    return copy.getTarget();
  if (auto fill = dyn_cast<tile::FillOp>(op))
    return fill.getBuffer();
  if (auto gemm = dyn_cast<tile::GemmOp>(op))
    return gemm.getC();
  if (auto reduce = dyn_cast<tile::ReduceOp>(op))
    return reduce.getTarget();
  if (auto sums = dyn_cast<tile::CumsumOp>(op))
    return sums.getTarget();
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return store.getMemRef();
  return {};
}

/// Clears `buffer` where nothing before `write`, which writes a part of it,
/// gives it contents: the rest has none that the program could ask for.
static void clearBefore(Operation *write, Value buffer) {
  auto launch = write->getParentOfType<tile::LaunchOp>();
  bool isAfter = true;
  launch.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (getWritten(op) != buffer)
      return WalkResult::advance();
    isAfter = op != write;
    return WalkResult::interrupt();
  });
  if (isAfter)
    return;
  OpBuilder builder(launch.getBody().front().findAncestorOpInBlock(*write));
  Location loc = write->getLoc();
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  tile::FillOp::create(builder, loc, buffer,
                       tile::createZero(builder, loc, element));
}

namespace {

class OnChipMover : ElementLoops {
public:
  OnChipMover(tile::FuncOp func, tile::ParallelOp loop)
      : ElementLoops(func, loop) {}
  void run();

private:
  /// How an access reaches its buffer.
  enum class Reach { Whole, Line, Anywhere, Outside };
  Reach getReach(memref::LoadOp load) const {
    return getReach(load.getMemRef(), load.getIndices());
  }
  Reach getReach(Value buffer, ValueRange indices) const;
  bool isFixed(memref::LoadOp load) const override;
  bool isReadFirst(Value buffer) const;
  StringRef why(ValueRange indices) const;
  void move(memref::LoadOp load);
  bool choose(memref::StoreOp store, OpBuilder &behind);
  bool update(memref::StoreOp store, OpBuilder &behind);
  void runStores();
};

/// A dimension is reached whole by a loop variable that runs through it, as a
/// line by what does not change in the loop, and anywhere by all else; outside
/// where more elements are named than there are.
OnChipMover::Reach OnChipMover::getReach(Value buffer,
                                         ValueRange indices) const {
  Reach reach = Reach::Whole;
  llvm::SmallDenseSet<unsigned> used;
  auto type = cast<MemRefType>(buffer.getType());
  for (auto [index, size] : llvm::zip_equal(indices, type.getShape())) {
    IndexExpr expr = IndexExpr::of(index);
    std::optional<unsigned> variable;
    bool isLinear = true;
    for (BlockArgument argument : loop.getBody().getArguments()) {
      std::optional<int64_t> coefficient = expr.getCoefficient(argument);
      if (coefficient == 0)
        continue;
      if (!runs(argument)) {
        expr = expr.without(argument);
        continue;
      }
      isLinear &= coefficient == 1 && !variable;
      variable = argument.getArgNumber();
    }
    Reach here;
    if (variable && isLinear) {
      int64_t extent = loop.getExtents()[*variable];
      IndexExpr rest = expr.without(loop.getBody().getArgument(*variable));
      isLinear &= used.insert(*variable).second;
      if (extent > size)
        return Reach::Outside;
      here = isLinear && rest.isZero() && extent == size ? Reach::Whole
                                                         : Reach::Anywhere;
    } else if (variable || changes(index)) {
      here = Reach::Anywhere;
    } else {
      here = size == 1 && expr.isZero() ? Reach::Whole : Reach::Line;
    }
    reach = std::max(reach, here);
  }
  return reach;
}

/// Whether all reads of `buffer` in the loop come before all writes.
bool OnChipMover::isReadFirst(Value buffer) const {
  bool isWritten = false, isOrdered = true;
  loop.walk<WalkOrder::PreOrder>([&](Operation *op) {
    auto load = dyn_cast<memref::LoadOp>(op);
    isOrdered &= !load || load.getMemRef() != buffer || !isWritten;
    isWritten |= getWritten(op) == buffer;
  });
  return isOrdered;
}

bool OnChipMover::isFixed(memref::LoadOp load) const {
  Value source = load.getMemRef();
  if (isScalarBuffer(source))
    return true;
  if (source.getDefiningOp<tile::AllocOp>())
    return isBlockBuffer(source) && isReadFirst(source);
  return load.getMemRefType().hasStaticShape() &&
         llvm::all_of(source.getUsers(), [&](Operation *user) {
           return getWritten(user) != source;
         });
}

StringRef OnChipMover::why(ValueRange indices) const {
  return whyNotTiles(indices).value_or("it is of a part of the buffer");
}

void OnChipMover::move(memref::LoadOp load) {
  Value root = findRoot(load);
  Slice slice;
  if (!getRunning() || !collect(root, slice))
    return;
  std::string name = getBufferName(load.getMemRef());
  remarkCoded(load.getLoc(), Code::ElementsMoved)
      << "T.Parallel: a read of " << name
      << " has no tile form: " << why(load.getIndices())
      << "; the writer takes it element by element, which is slow";
  takeOut(root, slice, name + "_moved", "moves");
}

/// Stores a row, a column or an element by a choice for each element of the
/// buffer, at `behind`.
bool OnChipMover::choose(memref::StoreOp store, OpBuilder &behind) {
  Value buffer = store.getMemRef();
  auto type = store.getMemRefType();
  if (store->getParentOp() != loop || type.getRank() > 2)
    return false;
  // The one loop variable that runs, and the dimension that it runs through.
  std::optional<unsigned> variable;
  for (BlockArgument argument : loop.getBody().getArguments())
    if (runs(argument)) {
      if (variable)
        return false;
      variable = argument.getArgNumber();
    }
  Slice slice;
  for (Value index : store.getIndices())
    if (!collect(index, slice))
      return false;
  Location loc = store.getLoc();
  clearBefore(store, buffer);
  Value part =
      createBuffer(loc, getBufferName(buffer) + "_part", type.getElementType());
  Value first = arith::ConstantIndexOp::create(behind, loc, 0);
  {
    OpBuilder builder(store);
    Value at =
        variable ? Value(loop.getBody().getArgument(*variable))
                 : arith::ConstantIndexOp::create(builder, loc, 0).getResult();
    memref::StoreOp::create(builder, loc, store.getValueToStore(), part, at);
  }
  IRMapping map;
  for (BlockArgument argument : loop.getBody().getArguments())
    map.map(argument, first);
  for (Operation *op : slice)
    behind.clone(*op, map);
  OperationState state(loc, tile::ParallelOp::getOperationName());
  static constexpr StringRef names[] = {"i", "j"};
  state.addAttribute("extents", behind.getDenseI64ArrayAttr(type.getShape()));
  state.addAttribute("names", behind.getStrArrayAttr(
                                  ArrayRef(names).take_front(type.getRank())));
  state.addRegion();
  auto chosen = cast<tile::ParallelOp>(behind.create(state));
  OpBuilder::InsertionGuard guard(behind);
  Block *body = behind.createBlock(&chosen.getBody());
  Value isHere, along = first;
  for (Value index : store.getIndices()) {
    Value at = body->addArgument(behind.getIndexType(), loc);
    if (changes(index)) {
      along = at;
      continue;
    }
    Value same = arith::CmpIOp::create(behind, loc, arith::CmpIPredicate::eq,
                                       at, map.lookupOrDefault(index));
    isHere = isHere ? arith::AndIOp::create(behind, loc, isHere, same) : same;
  }
  Value next = memref::LoadOp::create(behind, loc, part, along);
  Value old = memref::LoadOp::create(behind, loc, buffer, body->getArguments());
  memref::StoreOp::create(
      behind, loc, arith::SelectOp::create(behind, loc, isHere, next, old),
      buffer, body->getArguments());
  store.erase();
  return true;
}

bool OnChipMover::update(memref::StoreOp store, OpBuilder &behind) {
  std::optional<Deferred> how = defer(store);
  if (!how)
    return false;
  std::string name = getBufferName(store.getMemRef());
  remarkCoded(store.getLoc(), Code::ElementsMoved)
      << "T.Parallel: a write of " << name
      << " has no tile form: " << why(store.getIndices())
      << "; the writer puts it there element by element, which is slow";
  clearBefore(store, store.getMemRef());
  putOff(store, *how, name + "_part", "updates", behind);
  return true;
}

/// Puts off the writes to parts, in their order.
void OnChipMover::runStores() {
  SmallVector<memref::StoreOp> stores;
  llvm::SmallPtrSet<Value, 4> left;
  loop.walk<WalkOrder::PreOrder>([&](memref::StoreOp store) {
    Value buffer = store.getMemRef();
    if (!isBlockBuffer(buffer) || left.contains(buffer))
      return;
    Reach reach = getReach(buffer, store.getIndices());
    bool isLater = llvm::any_of(stores, [&](memref::StoreOp other) {
      return other.getMemRef() == buffer;
    });
    // Under a condition the elements may all be inside.
    bool isOutside = reach == Reach::Outside && store->getParentOp() == loop;
    if (isOutside || !isReadFirst(buffer)) {
      left.insert(buffer);
      llvm::erase_if(stores, [&](memref::StoreOp other) {
        return other.getMemRef() == buffer;
      });
    } else if (reach != Reach::Whole || isLater) {
      stores.push_back(store);
    }
  });
  OpBuilder behind(loop.getContext());
  behind.setInsertionPointAfter(loop);
  for (memref::StoreOp store : stores) {
    bool isLine =
        getReach(store.getMemRef(), store.getIndices()) == Reach::Line;
    if (!(isLine && choose(store, behind)) && !update(store, behind))
      break; // those that follow may write the same elements
  }
}

void OnChipMover::run() {
  llvm::SmallPtrSet<Operation *, 8> tried;
  while (true) {
    memref::LoadOp next;
    loop.walk([&](memref::LoadOp load) {
      if (isBlockBuffer(load.getMemRef()) && !tried.contains(load) &&
          getReach(load) >= Reach::Anywhere && isReadFirst(load.getMemRef()))
        next = load;
    });
    if (!next)
      break;
    tried.insert(next);
    move(next);
    clean();
  }
  runStores();
  clean();
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

/// Copies of parts, as loops over their elements.
class PartCopies {
public:
  explicit PartCopies(tile::LaunchOp launch)
      : launch(launch), builder(launch.getContext()) {}
  void run();

private:
  struct Region {
    Value memref;
    SmallVector<Value> offsets;
    SmallVector<int64_t> sizes;
  };
  void spell(tile::CopyOp copy);
  Region createWhole(Location loc, const Region &like, Type element);
  void copyElements(Location loc, const Region &from, const Region &to);

  tile::LaunchOp launch;
  OpBuilder builder;
};

/// Whether the region is a part of an on-chip buffer.
static bool isPart(Value memref, ValueRange offsets, ArrayRef<int64_t> sizes) {
  return isBlockBuffer(memref) &&
         (sizes != cast<MemRefType>(memref.getType()).getShape() ||
          !llvm::all_of(offsets, [](Value offset) {
            return IndexExpr::of(offset).isZero();
          }));
}

/// Whether all elements of the region are in the buffer, as far as that shows.
static bool mayBeInside(Value memref, ValueRange offsets,
                        ArrayRef<int64_t> sizes) {
  for (auto [offset, size, extent] : llvm::zip_equal(
           offsets, sizes, cast<MemRefType>(memref.getType()).getShape())) {
    std::optional<int64_t> start = IndexExpr::of(offset).getConstant();
    if (size > extent || (start && (*start < 0 || *start + size > extent)))
      return false;
  }
  return true;
}

/// A buffer of the elements of `like`.
PartCopies::Region PartCopies::createWhole(Location loc, const Region &like,
                                           Type element) {
  OpBuilder::InsertionGuard guard(builder);
  Region whole;
  for (int64_t size : like.sizes)
    if (size != 1)
      whole.sizes.push_back(size);
  if (whole.sizes.empty())
    whole.sizes.push_back(1);
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  whole.offsets.assign(whole.sizes.size(), zero);
  builder.setInsertionPointToStart(&launch.getBody().front());
  std::string name = getBufferName(like.memref) + "_part";
  whole.memref = tile::AllocOp::create(
      builder, NameLoc::get(builder.getStringAttr(name), loc),
      MemRefType::get(
          whole.sizes, element, MemRefLayoutAttrInterface(),
          tile::ScopeAttr::get(builder.getContext(), tile::Scope::Fragment)),
      name);
  return whole;
}

void PartCopies::copyElements(Location loc, const Region &from,
                              const Region &to) {
  SmallVector<int64_t> extents;
  for (int64_t size : from.sizes)
    if (size != 1)
      extents.push_back(size);
  if (extents.empty())
    extents.push_back(1);
  OperationState state(loc, tile::ParallelOp::getOperationName());
  static constexpr StringRef names[] = {"i", "j"};
  state.addAttribute("extents", builder.getDenseI64ArrayAttr(extents));
  state.addAttribute("names", builder.getStrArrayAttr(
                                  ArrayRef(names).take_front(extents.size())));
  state.addRegion();
  auto loop = cast<tile::ParallelOp>(builder.create(state));
  OpBuilder::InsertionGuard guard(builder);
  Block *body = builder.createBlock(&loop.getBody());
  for (size_t i = 0; i < extents.size(); ++i)
    body->addArgument(builder.getIndexType(), loc);
  auto placeIn = [&](const Region &region) {
    SmallVector<Value> place;
    unsigned next = 0;
    for (auto [offset, size] : llvm::zip_equal(region.offsets, region.sizes)) {
      Value at = offset;
      if (size != 1) {
        at = body->getArgument(next++);
        if (!IndexExpr::of(offset).isZero())
          at = arith::AddIOp::create(builder, loc, at, offset);
      }
      place.push_back(at);
    }
    return place;
  };
  Value element =
      memref::LoadOp::create(builder, loc, from.memref, placeIn(from));
  memref::StoreOp::create(builder, loc, element, to.memref, placeIn(to));
}

void PartCopies::spell(tile::CopyOp copy) {
  Region from = {copy.getSource(), copy.getSourceOffsets(),
                 SmallVector<int64_t>(copy.getSourceSizes())};
  Region to = {copy.getTarget(), copy.getTargetOffsets(),
               SmallVector<int64_t>(copy.getTargetSizes())};
  bool reads = isPart(from.memref, from.offsets, from.sizes);
  bool writes = isPart(to.memref, to.offsets, to.sizes);
  bool toTensor = !to.memref.getDefiningOp<tile::AllocOp>();
  if (reads && toTensor && llvm::all_of(from.offsets, [](Value offset) {
        return IndexExpr::of(offset).isZero();
      }))
    reads = false; // the writer leaves the rest out
  if ((!reads && !writes) ||
      (reads && !mayBeInside(from.memref, from.offsets, from.sizes)) ||
      (writes && !mayBeInside(to.memref, to.offsets, to.sizes)) ||
      llvm::count_if(from.sizes, [](int64_t size) { return size != 1; }) > 2)
    return;
  Location loc = copy.getLoc();
  builder.setInsertionPoint(copy);
  auto elementOf = [](const Region &region) {
    return cast<MemRefType>(region.memref.getType()).getElementType();
  };
  if (reads) {
    Region whole = createWhole(loc, from, elementOf(from));
    copyElements(loc, from, whole);
    from = whole;
  }
  bool casts = elementOf(from) != elementOf(to);
  bool fromTensor = !from.memref.getDefiningOp<tile::AllocOp>();
  auto copyWhole = [&](const Region &target) {
    tile::CopyOp::create(builder, loc, from.memref, from.offsets,
                         builder.getDenseI64ArrayAttr(from.sizes),
                         target.memref, target.offsets,
                         builder.getDenseI64ArrayAttr(target.sizes));
  };
  if (writes && (casts || fromTensor)) {
    Region whole = createWhole(loc, to, elementOf(to));
    copyWhole(whole);
    from = whole;
  }
  if (writes)
    copyElements(loc, from, to);
  else
    copyWhole(to);
  copy.erase();
}

void PartCopies::run() {
  SmallVector<tile::CopyOp> copies;
  launch.walk([&](tile::CopyOp copy) { copies.push_back(copy); });
  for (tile::CopyOp copy : copies)
    spell(copy);
}

} // namespace

void moveOnChip(tile::FuncOp func) {
  SmallVector<tile::LaunchOp> launches;
  func.walk([&](tile::LaunchOp launch) { launches.push_back(launch); });
  for (tile::LaunchOp launch : launches)
    PartCopies(launch).run();
  SmallVector<tile::ParallelOp> loops;
  func.walk([&](tile::ParallelOp loop) {
    if (!loop.isByElement())
      loops.push_back(loop);
  });
  for (tile::ParallelOp loop : loops)
    OnChipMover(func, loop).run();
}

} // namespace tilewright
