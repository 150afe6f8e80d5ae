//===- PickElements.cpp - Single elements of on-chip buffers --------------===//
//
// A broadcast takes the first element of a tile. Another element, x[r, c] with
// r and c the same in every iteration of a parallel loop, is moved there: all
// other elements become zero, and what is left is summed,
//
//   picked[i, j] = x[i, j] if i == r and j == c else 0
//   one[0]       = sum of picked
//
// which is exact for every finite number (a negative zero becomes a positive
// one), and keeps infinities and NaN. A row or a column, x[r, j] for all j, is
// what the sums along the other dimension leave.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/PickElements.h"

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace tilewright {

namespace {
class Picker {
public:
  explicit Picker(tile::LaunchOp launch)
      : launch(launch), builder(launch.getContext()) {}
  void run();

private:
  void pick(memref::LoadOp load, tile::ParallelOp loop);
  bool isWanted(memref::LoadOp load, tile::ParallelOp loop);
  bool isInvariant(Value index, tile::ParallelOp loop);
  Value hoist(Value index, tile::ParallelOp loop, IRMapping &outside);
  Value createBuffer(Location loc, const Twine &name, ArrayRef<int64_t> shape,
                     Type element);
  void createMask(Location loc, Value source, Value target,
                  ArrayRef<Value> place);

  tile::LaunchOp launch;
  OpBuilder builder;
};
} // namespace

bool Picker::isInvariant(Value index, tile::ParallelOp loop) {
  if (auto argument = dyn_cast<BlockArgument>(index))
    return !loop->isAncestor(argument.getOwner()->getParentOp()) ||
           (argument.getOwner()->getParentOp() == loop &&
            loop.getExtents()[argument.getArgNumber()] == 1);
  Operation *op = index.getDefiningOp();
  if (!loop->isAncestor(op))
    return true;
  return op->getNumRegions() == 0 && isPure(op) &&
         llvm::all_of(op->getOperands(), [&](Value operand) {
           return isInvariant(operand, loop);
         });
}

/// Whether `index` runs through a dimension of that extent.
static bool isWhole(Value index, int64_t extent, tile::ParallelOp loop) {
  IndexExpr expr = IndexExpr::of(index);
  for (auto [number, size] : llvm::enumerate(loop.getExtents()))
    if (size == extent &&
        expr == IndexExpr::atom(loop.getBody().getArgument(number)))
      return true;
  return false;
}

/// Whether `load` reads the same element, row or column in every iteration, and
/// not the one that a broadcast would take.
bool Picker::isWanted(memref::LoadOp load, tile::ParallelOp loop) {
  Value buffer = load.getMemRef();
  auto type = load.getMemRefType();
  Type element = type.getElementType();
  if (!buffer.getDefiningOp<tile::AllocOp>() || type.getRank() > 2 ||
      type.getNumElements() == 1 ||
      !(isa<FloatType>(element) || element.isInteger(32)))
    return false;
  for (Operation *user : buffer.getUsers())
    if (isa<memref::StoreOp>(user) && loop->isAncestor(user))
      return false;
  bool isFirst = true, runs = false;
  for (auto [index, extent] :
       llvm::zip_equal(load.getIndices(), type.getShape())) {
    if (!isInvariant(index, loop)) {
      if (runs || type.getRank() != 2 || !isWhole(index, extent, loop))
        return false;
      runs = true;
      continue;
    }
    auto argument = dyn_cast<BlockArgument>(index);
    bool isZero = matchPattern(index, m_Zero()) ||
                  (argument && argument.getOwner()->getParentOp() == loop);
    isFirst &= isZero && extent <= tt::kTileDim;
  }
  return !isFirst;
}

/// `index`, computed in front of `loop`.
Value Picker::hoist(Value index, tile::ParallelOp loop, IRMapping &outside) {
  if (Value known = outside.lookupOrNull(index))
    return known;
  if (isa<BlockArgument>(index)) {
    if (cast<BlockArgument>(index).getOwner()->getParentOp() != loop)
      return index;
    return arith::ConstantIndexOp::create(builder, loop.getLoc(), 0);
  }
  Operation *op = index.getDefiningOp();
  if (!loop->isAncestor(op))
    return index;
  for (Value operand : op->getOperands())
    outside.map(operand, hoist(operand, loop, outside));
  return builder.clone(*op, outside)
      ->getResult(cast<OpResult>(index).getResultNumber());
}

Value Picker::createBuffer(Location loc, const Twine &name,
                           ArrayRef<int64_t> shape, Type element) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&launch.getBody().front());
  auto type = MemRefType::get(
      shape, element, MemRefLayoutAttrInterface(),
      tile::ScopeAttr::get(builder.getContext(), tile::Scope::Fragment));
  std::string text = name.str();
  return tile::AllocOp::create(
      builder, NameLoc::get(builder.getStringAttr(text), loc), type, text);
}

/// target[i..] = source[i..] at `place`, zero elsewhere. A null place is every
/// one of its dimension.
void Picker::createMask(Location loc, Value source, Value target,
                        ArrayRef<Value> place) {
  auto type = cast<MemRefType>(source.getType());
  OperationState state(loc, tile::ParallelOp::getOperationName());
  static constexpr StringRef names[] = {"i", "j"};
  state.addAttribute("extents", builder.getDenseI64ArrayAttr(type.getShape()));
  state.addAttribute("names", builder.getStrArrayAttr(
                                  ArrayRef(names).take_front(type.getRank())));
  state.addRegion();
  auto loop = cast<tile::ParallelOp>(builder.create(state));
  OpBuilder::InsertionGuard guard(builder);
  Block *body = builder.createBlock(&loop.getBody());
  Value isHere;
  for (Value index : place) {
    Value at = body->addArgument(builder.getIndexType(), loc);
    if (!index)
      continue;
    Value same = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                       at, index);
    isHere = isHere ? arith::AndIOp::create(builder, loc, isHere, same) : same;
  }
  Value value =
      memref::LoadOp::create(builder, loc, source, body->getArguments());
  Value zero = tile::createZero(builder, loc, value.getType());
  Value chosen = arith::SelectOp::create(builder, loc, isHere, value, zero);
  memref::StoreOp::create(builder, loc, chosen, target, body->getArguments());
}

void Picker::pick(memref::LoadOp load, tile::ParallelOp loop) {
  Location loc = load.getLoc();
  Value source = load.getMemRef();
  auto type = load.getMemRefType();
  Type element = type.getElementType();
  std::string name = getBufferName(source);
  builder.setInsertionPoint(loop);
  IRMapping outside;
  SmallVector<Value> place;
  int64_t running = -1;
  for (auto [dim, index] : llvm::enumerate(load.getIndices())) {
    bool runs = !isInvariant(index, loop);
    place.push_back(runs ? Value() : hoist(index, loop, outside));
    if (runs)
      running = dim;
  }
  Value rest = createBuffer(loc, name + "_picked", type.getShape(), element);
  createMask(loc, source, rest, place);
  auto sum = [&](Value from, ArrayRef<int64_t> shape, int64_t dim) {
    Value to = createBuffer(loc, name + "_element", shape, element);
    tile::ReduceOp::create(builder, loc, tile::ReduceKind::Sum, from, to, dim,
                           /*clear=*/true);
    return to;
  };
  Value at;
  if (running >= 0) {
    rest = sum(rest, {type.getDimSize(running)}, 1 - running);
    at = load.getIndices()[running];
  } else {
    if (type.getRank() == 2)
      rest = sum(rest, {type.getDimSize(0)}, 1);
    rest = sum(rest, {1}, 0);
  }
  builder.setInsertionPoint(load);
  if (!at)
    at = arith::ConstantIndexOp::create(builder, loc, 0);
  load.replaceAllUsesWith(
      memref::LoadOp::create(builder, loc, rest, at).getResult());
  load.erase();
}

void Picker::run() {
  SmallVector<memref::LoadOp> loads;
  launch.walk([&](memref::LoadOp load) { loads.push_back(load); });
  for (memref::LoadOp load : loads) {
    auto loop = load->getParentOfType<tile::ParallelOp>();
    if (loop && isWanted(load, loop))
      pick(load, loop);
  }
}

void pickElements(tile::FuncOp func) {
  SmallVector<tile::LaunchOp> launches;
  func.walk([&](tile::LaunchOp launch) { launches.push_back(launch); });
  for (tile::LaunchOp launch : launches)
    Picker(launch).run();
}

} // namespace tilewright
