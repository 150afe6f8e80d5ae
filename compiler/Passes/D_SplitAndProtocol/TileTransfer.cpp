//===- TileTransfer.cpp - Moving a block between a tensor and L1 ----------===//
//
// A block lies in L1 tile after tile, row by row. Its pages in the tensor are
//
//   page = (outer * tile rows + row) * tile columns + column.
//
//   1. Tiles are visited by a loop over the block's rows and one inside it over
//      its columns; a loop that would run once is left out, and a block of
//      whole rows of the tensor is one loop because its pages follow each
//      other.
//   2. The L1 address goes along with the loops, one page further each tile.
//   3. A tile's row, column or plane is compared with the tensor's only where
//      the bounds of the indices leave room for it to be outside. Indices are
//      32 bits without a sign, so that a negative one compares as too large.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/TileTransfer.h"

#include "compiler/Analysis/IndexRange.h"
#include "compiler/Passes/D_SplitAndProtocol/SizeBounds.h"
#include "compiler/Passes/D_SplitAndProtocol/TensorGrid.h"
#include "compiler/Support/Codes/StageD.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "tilewright/arch/Chip.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;
using namespace tilewright;

namespace {

class Transfer {
public:
  Transfer(OpBuilder &builder, Location loc, BlockRegion region, bool isRead)
      : builder(builder), loc(loc), region(region), isRead(isRead) {}

  LogicalResult emit(Value l1);
  LogicalResult findGrid();
  void emitZeros(Value l1);

private:
  bool mayLeave(Value first, int64_t extent, Extent limit) const;
  bool isContiguous() const;
  Value emitLoop(StringRef name, int64_t count, Value l1,
                 function_ref<Value(Value, Value)> body);
  Value emitTile(Value r, Value c, Value l1);
  Value emitPage(Value row, Value col);
  void emitMove(Value page, Value l1);
  Value getZeros();

  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value add(Value a, Value b, StringRef name = {}) {
    return builder.createOrFold<arith::AddIOp>(named(name), a, b);
  }
  Value mul(Value a, Extent factor) {
    return builder.createOrFold<arith::MulIOp>(
        loc, a, materialize(builder, loc, factor));
  }
  Location named(StringRef name) const {
    return name.empty() ? loc : NameLoc::get(builder.getStringAttr(name), loc);
  }

  OpBuilder &builder;
  Location loc;
  BlockRegion region;
  bool isRead;
  TensorGrid grid;
  bool checkPlane = false, checkRow = false, checkCol = false;
};

} // namespace

//===----------------------------------------------------------------------===//
// What is known
//===----------------------------------------------------------------------===//

FailureOr<metalium::TensorOp> tilewright::tensorOf(Location loc,
                                                   const BlockRegion &region) {
  auto accessor = region.accessor.getDefiningOp<metalium::TensorAccessorOp>();
  auto description =
      accessor
          ? accessor.getArgs().getDefiningOp<metalium::TensorAccessorArgsOp>()
          : metalium::TensorAccessorArgsOp();
  metalium::TensorOp tensor;
  if (description)
    if (auto program = description->getParentOfType<metalium::ProgramOp>())
      tensor = dyn_cast_or_null<metalium::TensorOp>(
          SymbolTable::lookupSymbolIn(program, description.getTensorAttr()));
  if (!tensor)
    return emitCoded(loc, Code::UnknownSymbol)
           << "a block moves through an accessor of no tensor of the program";
  return tensor;
}

LogicalResult Transfer::findGrid() {
  FailureOr<metalium::TensorOp> found = tensorOf(loc, region);
  if (failed(found))
    return failure();
  grid = getTensorGrid(*found, region.accessor);
  return success();
}

/// Whether one of the indices first, ..., first + extent - 1 can be outside
/// [0, limit).
bool Transfer::mayLeave(Value first, int64_t extent, Extent limit) const {
  if (extent == 1 && limit.value && isBelowSize(first, limit.value))
    return false;
  std::optional<IndexRange> range = getIndexRange(first);
  int64_t least = limit.isKnown() ? limit.number : 1;
  return !range || range->min < 0 || range->max + extent > least;
}

static bool isZero(Value index) {
  return getIndexRange(index) == IndexRange{0, 0};
}

/// Whether the pages of the block follow each other.
bool Transfer::isContiguous() const {
  return !region.isTransposed && grid.tileCols == region.cols &&
         isZero(region.col) && !checkRow && !checkCol && !checkPlane;
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// A loop that carries the L1 address, or its body alone when it runs once.
Value Transfer::emitLoop(StringRef name, int64_t count, Value l1,
                         function_ref<Value(Value, Value)> body) {
  if (count == 1)
    return body(constant(0), l1);
  auto loop = scf::ForOp::create(builder, named(name), constant(0),
                                 constant(count), constant(1), ValueRange{l1});
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  loop.getRegionIterArgs()[0].setLoc(l1.getLoc());
  Value next = body(loop.getInductionVar(), loop.getRegionIterArgs()[0]);
  scf::YieldOp::create(builder, loc, next);
  return loop.getResult(0);
}

LogicalResult Transfer::emit(Value l1) {
  if (failed(findGrid()))
    return failure();
  int64_t height = region.isTransposed ? region.cols : region.rows;
  int64_t width = region.isTransposed ? region.rows : region.cols;
  checkPlane = mayLeave(region.outer, 1, grid.planes);
  checkRow = mayLeave(region.row, height, grid.tileRows);
  checkCol = mayLeave(region.col, width, grid.tileCols);
  if (isContiguous()) {
    emitLoop("tile", region.rows * region.cols, l1,
             [&](Value i, Value address) {
               emitMove(add(emitPage(region.row, region.col), i), address);
               return add(address, constant(grid.pageBytes));
             });
    return success();
  }
  emitLoop("r", region.rows, l1, [&](Value r, Value address) {
    return emitLoop("c", region.cols, address, [&](Value c, Value inner) {
      return emitTile(r, c, inner);
    });
  });
  return success();
}

//===----------------------------------------------------------------------===//
// One tile
//===----------------------------------------------------------------------===//

/// (outer * rows + row) * cols + col
Value Transfer::emitPage(Value row, Value col) {
  Value line = row;
  if (!isZero(region.outer))
    line = add(mul(region.outer, grid.tileRows), row);
  return add(mul(line, grid.tileCols), col);
}

void Transfer::emitMove(Value page, Value l1) {
  if (isRead)
    metalium::NocAsyncReadPageOp::create(builder, loc, page, region.accessor,
                                         l1);
  else
    metalium::NocAsyncWritePageOp::create(builder, loc, page, region.accessor,
                                          l1);
}

/// Moves block tile (r, c); returns the address after it.
Value Transfer::emitTile(Value r, Value c, Value l1) {
  if (region.isTransposed)
    std::swap(r, c);
  Value row = add(region.row, r, checkRow ? "row" : "");
  Value col = add(region.col, c, checkCol ? "col" : "");
  Value isInside;
  auto check = [&](bool needed, Value index, Extent limit) {
    if (!needed)
      return;
    Value condition =
        arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult, index,
                              materialize(builder, loc, limit));
    isInside = isInside
                   ? arith::AndIOp::create(builder, loc, isInside, condition)
                   : condition;
  };
  check(checkPlane, region.outer, grid.planes);
  check(checkRow, row, grid.tileRows);
  check(checkCol, col, grid.tileCols);
  if (isInside) {
    auto branch = scf::IfOp::create(builder, loc, isInside,
                                    /*withElseRegion=*/isRead);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(branch.thenBlock());
    emitMove(emitPage(row, col), l1);
    if (isRead) {
      builder.setInsertionPointToStart(branch.elseBlock());
      emitZeros(l1);
    }
  } else {
    emitMove(emitPage(row, col), l1);
  }
  return add(l1, constant(grid.pageBytes));
}

/// The NoC address of the zeros in L1, made once at the top of the kernel.
Value Transfer::getZeros() {
  auto kernel =
      region.accessor.getDefiningOp()->getParentOfType<metalium::KernelOp>();
  for (auto zeros : kernel.getBody().getOps<metalium::GetLocalNocAddrOp>())
    if (zeros.getAddress().getDefiningOp<metalium::MemZerosBaseOp>())
      return zeros;
  OpBuilder::InsertionGuard guard(builder);
  Operation *last = region.accessor.getDefiningOp();
  for (auto accessor : kernel.getBody().getOps<metalium::TensorAccessorOp>())
    last = accessor;
  builder.setInsertionPointAfter(last);
  Location top = kernel.getLoc();
  Value base =
      metalium::MemZerosBaseOp::create(builder, top, builder.getIndexType());
  return metalium::GetLocalNocAddrOp::create(
      builder, NameLoc::get(builder.getStringAttr("zeros"), top),
      metalium::NocAddrType::get(builder.getContext()), base);
}

/// Fills one page with zeros, in steps of the area that always holds them.
void Transfer::emitZeros(Value l1) {
  auto program = builder.getInsertionBlock()
                     ->getParentOp()
                     ->getParentOfType<metalium::ProgramOp>();
  const arch::Chip *chip = arch::findChip(program.getChip());
  int64_t available = chip ? chip->l1ZerosBytes : 0;
  Value zeros = getZeros();
  Value step;
  if (available == 0 || grid.pageBytes % available == 0)
    step =
        metalium::MemZerosSizeOp::create(builder, loc, builder.getIndexType());
  else
    step = constant(std::gcd(grid.pageBytes, available));
  auto loop = scf::ForOp::create(builder, named("offset"), constant(0),
                                 constant(grid.pageBytes), step);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  metalium::NocAsyncReadOp::create(builder, loc, zeros,
                                   add(l1, loop.getInductionVar()), step);
}

LogicalResult tilewright::emitReads(OpBuilder &builder, Location loc,
                                    BlockRegion region, Value l1) {
  return Transfer(builder, loc, region, /*isRead=*/true).emit(l1);
}

LogicalResult tilewright::emitWrites(OpBuilder &builder, Location loc,
                                     BlockRegion region, Value l1) {
  return Transfer(builder, loc, region, /*isRead=*/false).emit(l1);
}

LogicalResult tilewright::emitZeros(OpBuilder &builder, Location loc,
                                    BlockRegion region, Value l1) {
  Transfer transfer(builder, loc, region, /*isRead=*/true);
  if (failed(transfer.findGrid()))
    return failure();
  transfer.emitZeros(l1);
  return success();
}
