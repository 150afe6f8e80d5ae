//===- GridToCoreGrid.cpp - Pass B2: launch to persistent loop ------------===//
//
// A core runs its work items [start, start + count) one after another; the
// block ids of an item are recovered from its number, x fastest, or as the
// order of the work says. Blocks of a listed order come from the arguments of
// the core.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/B_Partitioning/Passes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

namespace tilewright {
#define GEN_PASS_DEF_GRIDTOCOREGRID
#include "compiler/Passes/B_Partitioning/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

namespace {

/// Extents of a launch: numbers, or values where only a call knows.
class LaunchGrid {
public:
  LaunchGrid(OpBuilder &builder, tt::LaunchOp launch)
      : builder(builder), loc(launch.getLoc()),
        grid(launch.getWork().getLaunchGrid()), values(launch.getExtents()) {
    // What is computed from sizes has no name of the program's own.
    auto names = launch.getNames().getAsValueRange<StringAttr>();
    for (auto [extent, name] : llvm::zip(values, names))
      if (Operation *op = extent.getDefiningOp(); op && !isa<tt::SizeOp>(op))
        op->setLoc(NameLoc::get(builder.getStringAttr(name + "_blocks"),
                                op->getLoc()));
  }

  /// Block id of dimension `dim`: item / (product of the faster extents) %
  /// extent.
  Value recoverBlockId(StringRef name, Value item, unsigned dim) {
    Location named = NameLoc::get(builder.getStringAttr(name), loc);
    if (grid[dim] == 1)
      return arith::ConstantIndexOp::create(builder, loc, 0);
    Value id = item;
    if (Value divisor = getProduct(dim))
      id = arith::DivUIOp::create(builder, named, id, divisor);
    bool slowest = llvm::all_of(grid.drop_front(dim + 1),
                                [](int64_t extent) { return extent == 1; });
    if (!slowest)
      id = arith::RemUIOp::create(builder, named, id, getExtent(dim));
    else if (isDynamic() && !ShapedType::isDynamic(grid[dim]))
      // Never more. It tells so to who looks at the bounds, which a division by
      // a size hides: blocks that cannot end outside a tensor are not tested.
      id = arith::MinUIOp::create(
          builder, named, id,
          arith::ConstantIndexOp::create(builder, loc, grid[dim] - 1));
    return id;
  }

private:
  bool isDynamic() const { return llvm::any_of(grid, ShapedType::isDynamic); }

  Value getExtent(unsigned dim) {
    if (ShapedType::isDynamic(grid[dim]))
      return values[dim];
    return arith::ConstantIndexOp::create(builder, loc, grid[dim]);
  }

  /// Of the first `count` extents; null where it is 1.
  Value getProduct(unsigned count) {
    int64_t number = 1;
    Value product;
    for (unsigned dim = 0; dim < count; ++dim)
      if (!ShapedType::isDynamic(grid[dim]))
        number *= grid[dim];
      else
        product =
            product ? arith::MulIOp::create(builder, loc, product, values[dim])
                          .getResult()
                    : values[dim];
    if (number == 1)
      return product;
    Value constant = arith::ConstantIndexOp::create(builder, loc, number);
    return product ? arith::MulIOp::create(builder, loc, product, constant)
                         .getResult()
                   : constant;
  }

  OpBuilder &builder;
  Location loc;
  ArrayRef<int64_t> grid;
  ValueRange values;
};

/// The arithmetic of orders that are not row-major, in the plane of the first
/// two extents: the row-major number of the block that `item` is.
class OrderArithmetic {
public:
  OrderArithmetic(OpBuilder &builder, Location loc, tt::WorkAttr work)
      : builder(builder), loc(loc), order(work.getOrder()),
        columns(work.getLaunchGrid()[0]),
        rows(work.getLaunchGrid().size() > 1 ? work.getLaunchGrid()[1] : 1),
        planes(work.getLaunchGrid().size() > 2 ? work.getLaunchGrid()[2] : 1) {}

  /// Ids of the block: column, row, plane.
  std::array<Value, 3> getIds(Value item, ArrayRef<StringRef> names) {
    this->names.assign(names.begin(), names.end());
    this->names.resize(3);
    if (order.getStride() > 1)
      item = getPlace(item);
    Value plane = div(item, columns * rows, planes, this->names[2]);
    Value at = planes == 1 ? item : rem(item, columns * rows);
    auto [x, y] = getColumnAndRow(at);
    return {x, y, plane};
  }

private:
  std::pair<Value, Value> getColumnAndRow(Value at) {
    switch (order.getKind()) {
    case tt::OrderKind::ColumnMajor:
      return {div(at, rows, columns, names[0]), rem(at, rows, names[1])};
    case tt::OrderKind::BlockLinear: {
      int64_t size = std::min(order.getSizes()[0], rows);
      int64_t panels = llvm::divideCeil(rows, size);
      Value panel = div(at, size * columns, panels, "panel");
      Value inside = panels == 1 ? at : rem(at, size * columns);
      Value first = mul(panel, size, "");
      if (rows % size == 0)
        return {div(inside, size, columns, names[0]),
                add(first, rem(inside, size), names[1])};
      // The last panel has fewer rows.
      Value left = arith::SubIOp::create(builder, loc, constant(rows), first);
      Value height = arith::MinUIOp::create(builder, named("height"),
                                            constant(size), left);
      Value x =
          arith::DivUIOp::create(builder, named(names[0]), inside, height);
      Value y = arith::RemUIOp::create(builder, loc, inside, height);
      return {x, add(first, y, names[1])};
    }
    case tt::OrderKind::MatchShard: {
      int64_t height = order.getSizes()[0], width = order.getSizes()[1];
      int64_t across = columns / width, down = rows / height;
      Value shard = div(at, height * width, across * down, "shard");
      Value inside = across * down == 1 ? at : rem(at, height * width, "block");
      Value sy = div(shard, across, down, "sy");
      Value sx = across == 1 ? constant(0) : rem(shard, across, "sx");
      Value y = div(inside, width, height, "");
      Value x = width == 1 ? constant(0) : rem(inside, width);
      return {add(mul(sx, width, ""), x, names[0]),
              add(mul(sy, height, ""), y, names[1])};
    }
    case tt::OrderKind::ZOrder: {
      int64_t bits = std::min(llvm::Log2_64(columns), llvm::Log2_64(rows));
      bool isWide = columns > rows, isSquare = columns == rows;
      Value code = isSquare ? at : rem(at, int64_t{1} << (2 * bits), "code");
      Value x = everySecondBit(code, bits, isSquare ? names[0] : "");
      Value y = everySecondBit(shiftRight(code, 1, ""), bits,
                               isWide     ? names[1]
                               : isSquare ? names[1]
                                          : "");
      if (isSquare)
        return {x, y};
      // The bits that only the longer extent has.
      int64_t longer = std::max(columns, rows);
      Value rest = mul(div(at, int64_t{1} << (2 * bits), longer >> bits, ""),
                       int64_t{1} << bits, "");
      return isWide ? std::pair(add(rest, x, names[0]), y)
                    : std::pair(x, add(rest, y, names[1]));
    }
    case tt::OrderKind::RowMajor:
      return {rem(at, columns, names[0]), div(at, columns, rows, names[1])};
    case tt::OrderKind::Listed:
      break;
    }
    llvm_unreachable("a list has no arithmetic");
  }

  /// OrderAttr::getPlace: which core has the item, and which of its items it
  /// is. The first cores have one item more where they cannot all have as many.
  Value getPlace(Value item) {
    int64_t items = columns * rows * planes, stride = order.getStride();
    int64_t length = items / stride, longer = items % stride;
    if (length == 0) // one item a core
      return item;
    if (longer == 0) {
      Value core = div(item, length, stride, "core");
      return add(mul(rem(item, length, "number"), stride, ""), core, "place");
    }
    Value rest = arith::SubIOp::create(
        builder, loc,
        arith::MaxUIOp::create(builder, loc, item, constant(longer)),
        constant(longer));
    Value core = arith::MaxUIOp::create(builder, named("core"),
                                        div(item, length + 1, stride, ""),
                                        div(rest, length, stride, ""));
    Value isLonger = arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::ult, core, constant(longer));
    Value number =
        arith::SelectOp::create(builder, named("number"), isLonger,
                                rem(item, length + 1), rem(rest, length));
    // Never more; this tells it to who looks at the bounds.
    return arith::MinUIOp::create(builder, named("place"),
                                  add(mul(number, stride, ""), core, ""),
                                  constant(items - 1));
  }

  /// The number of `count` bits that the even bits of `code` are: each step
  /// brings pairs of groups of bits together.
  Value everySecondBit(Value code, int64_t count, StringRef name) {
    if (count == 0)
      return constant(0);
    uint64_t all = (uint64_t{1} << (2 * count)) - 1;
    auto mask = [&](Value value, int64_t group, StringRef name) -> Value {
      // `group` bits of ones, as many of zeros, and so on.
      uint64_t pattern = ~uint64_t{0} / ((uint64_t{1} << group) + 1) & all;
      return arith::AndIOp::create(builder, named(name), value,
                                   constant(pattern));
    };
    int64_t group = 1;
    Value bits = mask(code, group, count == 1 ? name : "");
    for (; group < count; group *= 2) {
      Value both =
          arith::OrIOp::create(builder, loc, bits, shiftRight(bits, group, ""));
      bits = mask(both, 2 * group, 2 * group >= count ? name : "");
    }
    return bits;
  }
  Value shiftRight(Value value, int64_t by, StringRef name) {
    return arith::ShRUIOp::create(builder, named(name), value, constant(by));
  }
  Location named(StringRef name) {
    return name.empty()
               ? loc
               : Location(NameLoc::get(builder.getStringAttr(name), loc));
  }
  Value constant(int64_t number) {
    return arith::ConstantIndexOp::create(builder, loc, number);
  }
  /// a / by, of which there are `results`.
  Value div(Value a, int64_t by, int64_t results, StringRef name) {
    if (results == 1)
      return constant(0);
    if (by == 1)
      return a;
    return arith::DivUIOp::create(builder, named(name), a, constant(by));
  }
  Value rem(Value a, int64_t by, StringRef name = "") {
    if (by == 1)
      return constant(0);
    return arith::RemUIOp::create(builder, named(name), a, constant(by));
  }
  Value mul(Value a, int64_t by, StringRef name) {
    if (by == 1 || matchPattern(a, m_Zero()))
      return a;
    return arith::MulIOp::create(builder, named(name), a, constant(by));
  }
  Value add(Value a, Value b, StringRef name) {
    if (matchPattern(a, m_Zero()))
      return b;
    if (matchPattern(b, m_Zero()))
      return a;
    return arith::AddIOp::create(builder, named(name), a, b);
  }

  OpBuilder &builder;
  Location loc;
  tt::OrderAttr order;
  int64_t columns, rows, planes;
  SmallVector<StringRef> names;
};

struct GridToCoreGridPass
    : tilewright::impl::GridToCoreGridBase<GridToCoreGridPass> {
  void runOnOperation() override {
    SmallVector<tt::LaunchOp> launches;
    getOperation().walk([&](tt::LaunchOp op) { launches.push_back(op); });
    for (tt::LaunchOp launch : launches)
      lower(launch);
  }

private:
  void lower(tt::LaunchOp launch) {
    OpBuilder builder(launch);
    Location loc = launch.getLoc();
    auto program = tt::CoreProgramOp::create(builder, loc, launch.getWork(),
                                             launch.getOrdered());
    Block *body = builder.createBlock(&program.getBody());
    auto named = [&](StringRef name) -> Location {
      return NameLoc::get(builder.getStringAttr(name), loc);
    };
    Value start = body->addArgument(builder.getIndexType(), named("start"));
    Value count = body->addArgument(builder.getIndexType(), named("count"));
    // Listed blocks are counted from 0 in the list of the core.
    tt::OrderAttr order = launch.getWork().getOrder();
    bool isListed = order && order.getKind() == tt::OrderKind::Listed;
    Value end = count;
    if (isListed)
      start = arith::ConstantIndexOp::create(builder, loc, 0);
    else
      end = arith::AddIOp::create(builder, loc, start, count);
    Value one = arith::ConstantIndexOp::create(builder, loc, 1);
    auto loop = scf::ForOp::create(builder, named(isListed ? "i" : "item"),
                                   start, end, one);
    builder.setInsertionPointToStart(loop.getBody());
    Block &blockBody = launch.getBody().front();
    SmallVector<StringRef> names(
        launch.getNames().getAsValueRange<StringAttr>());
    SmallVector<Value> ids;
    Value item = loop.getInductionVar();
    if (isListed)
      item = tt::WorkItemOp::create(builder, named("item"), item);
    if (order && !isListed) {
      auto all =
          OrderArithmetic(builder, loc, launch.getWork()).getIds(item, names);
      ids.assign(all.begin(), all.begin() + names.size());
    } else {
      LaunchGrid grid(builder, launch);
      for (auto [dim, name] : llvm::enumerate(names))
        ids.push_back(grid.recoverBlockId(name, item, dim));
    }
    for (auto [argument, id] : llvm::zip(blockBody.getArguments(), ids))
      argument.replaceAllUsesWith(id);
    loop.getBody()->getOperations().splice(std::prev(loop.getBody()->end()),
                                           blockBody.getOperations());
    launch.erase();
  }
};

} // namespace
