//===- InsertDstManagementSections.cpp - The expansion of one section -----===//
//
// A section of block shape R x C and sub-block h x w becomes
//
//   for r = 0, h, .. R:              where there is more than one
//     for c = 0, w, .. C:            likewise
//       tile_regs_acquire
//       for each operation:
//         for t over the h x w tiles:
//           its call
//       tile_regs_commit
//       tile_regs_wait
//       packs
//       tile_regs_release
//
// Operations between two set-up calls share one loop over tiles.
//
// Where sub-blocks and their tiles stand in the order of the circular buffers,
// one loop over `tile` takes the place of r and c.
//
// Tiles are packed in order where the sub-blocks come in the order of the
// circular buffer; where they do not, or where the packer adds to what is
// there, at their index.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/InsertDstManagement.h"

#include "compiler/Analysis/DstAllocation.h"
#include "compiler/Support/Codes/StageD.h"
#include "compiler/Support/Diagnostics.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace tilewright::metalium;

namespace tilewright {

/// A location without the source name of the buffer that it defines: index
/// arithmetic and loops have their own names.
static Location withoutName(Location loc) {
  while (auto named = dyn_cast<NameLoc>(loc))
    loc = named.getChildLoc();
  return loc;
}

namespace {
/// Which tile of a circular buffer's block belongs to tile (row, col) of the
/// result.
enum class Access { Full, Swapped, RowVector, ColVector, Single };

/// One call for each tile of a sub-block.
struct Step {
  TileCall call;
  SmallVector<Access, 2> accesses; ///< one a circular buffer
  SmallVector<int64_t, 3> dst;     ///< first DST tiles, in the call's order
  Value result;                    ///< its shape says which tiles
  Location loc;
};

/// Where one tile stands.
struct TileIndex {
  Value row, col; ///< in the block; null where only `full` is known
  Value full;     ///< position in the block; null where not yet computed
  Value offset;   ///< position in the sub-block
};

class SectionExpander {
public:
  explicit SectionExpander(tt::SectionOp section)
      : section(section), loc(withoutName(section.getLoc())), builder(section),
        block(getSectionShape(section)),
        shape{section.getSubblock().getRows(), section.getSubblock().getCols()},
        allocation(section, shape) {
    auto program = section->getParentOfType<ProgramOp>();
    fast = program && program.getConfig().getMathApproxMode();
    section.getBody().walk([&](tt::CumsumOp op) { scan = op; });
    flat = inOrder() && onlyFull();
  }

  LogicalResult expand();

private:
  int64_t numSubblocks() const { return block.tiles() / shape.tiles(); }
  bool inOrder() const {
    if (goesDown() && numSubblocks() > 1 && block.cols > 1)
      return false;
    return shape.rows == 1 || shape.cols == block.cols;
  }
  /// Whether sub-blocks follow each other down the columns.
  bool goesDown() const {
    return scan && tt::CumsumOp(scan).getDim() == tt::ReduceDim::Col;
  }
  bool onlyFull();
  bool packsInOrder(Value out);

  Value constant(int64_t value);
  Value add(Value a, Value b) {
    return builder.createOrFold<arith::AddIOp>(loc, a, b);
  }
  Value scale(Value a, int64_t factor) {
    return builder.createOrFold<arith::MulIOp>(loc, a, constant(factor));
  }
  Value beginLoop(StringRef name, int64_t end, int64_t step, int64_t start = 0);

  LogicalResult visit(Block &body);
  LogicalResult visit(Operation &op);
  LogicalResult visitLoop(scf::ForOp loop);
  void multiply(tt::MmaOp mma);
  void fold(tt::FoldOp fold);
  void sum(tt::CumsumOp op);
  LogicalResult queue(Operation &op);
  void flush();
  void forEachTile(Value result, bool anyVector,
                   llvm::function_ref<void(const TileIndex &)> emit);
  Value indexOf(Access access, Value result, const TileIndex &index);
  void pack();
  void packResult(Value out, Value result);

  tt::SectionOp section;
  Location loc;
  OpBuilder builder;
  TileShape block, shape;
  DstAllocation allocation;
  tt::CumsumOp scan;
  bool fast = false, flat = false;
  llvm::DenseMap<int64_t, Value> constants;
  Value row, col, tile; ///< first of the sub-block
  SmallVector<Step> pending;
  SmallVector<PackReconfigDataFormatOp> packFormats;
};
} // namespace

//===----------------------------------------------------------------------===//
// Shape of the loops
//===----------------------------------------------------------------------===//

/// Which tiles of an operand are used that spreads by `bcast`.
static Access accessOf(tt::Broadcast bcast) {
  switch (bcast) {
  case tt::Broadcast::None:
    return Access::Full;
  case tt::Broadcast::Row:
    return Access::RowVector;
  case tt::Broadcast::Col:
    return Access::ColVector;
  case tt::Broadcast::Scalar:
    return Access::Single;
  }
  llvm_unreachable("every broadcast has an access");
}

/// Whether tiles of the operand are taken in transposed order.
static bool takesSwapped(Operation *op) {
  if (auto cast = dyn_cast<tt::CastOp>(op))
    return cast.getSwapped();
  auto transpose = dyn_cast<tt::TransposeOp>(op);
  return transpose && transpose.getWhole();
}

bool SectionExpander::onlyFull() {
  return !section.getBody()
              .walk([&](Operation *op) {
                auto fpu = dyn_cast<tt::FpuOp>(op);
                bool other = isa<tt::MmaOp, tt::BcastOp, tt::FoldOp,
                                 tt::CumsumOp, scf::ForOp>(op) ||
                             (fpu && fpu.getBcast() != tt::Broadcast::None);
                other |= takesSwapped(op);
                for (Value result : op->getResults())
                  if (isa<tt::BlockType>(result.getType()))
                    other |= !(getBlockShape(result) == block);
                return other ? WalkResult::interrupt() : WalkResult::advance();
              })
              .wasInterrupted();
}

/// An accumulating section packs at indices, so all packs to its buffer do.
bool SectionExpander::packsInOrder(Value out) {
  if (!inOrder())
    return false;
  return llvm::none_of(out.getUsers(), [&](Operation *user) {
    auto other = dyn_cast<tt::SectionOp>(user);
    return other && !other.getPrevious().empty() &&
           llvm::is_contained(other.getOuts(), out);
  });
}

/// A constant at the start of the kernel, one for each value.
Value SectionExpander::constant(int64_t value) {
  Value &known = constants[value];
  if (known)
    return known;
  Block *body = section->getParentOfType<KernelOp>().getBodyBlock();
  for (Operation &op : *body) {
    auto other = dyn_cast<arith::ConstantIndexOp>(op);
    if (other && other.value() == value)
      return known = other;
    if (op.getNumRegions() > 0)
      break;
  }
  OpBuilder start = OpBuilder::atBlockBegin(body);
  return known = arith::ConstantIndexOp::create(start, loc, value);
}

/// Opens a loop and continues inside it.
Value SectionExpander::beginLoop(StringRef name, int64_t end, int64_t step,
                                 int64_t start) {
  auto named = NameLoc::get(builder.getStringAttr(name), loc);
  auto loop = scf::ForOp::create(builder, named, constant(start), constant(end),
                                 constant(step));
  builder.setInsertionPoint(loop.getBody()->getTerminator());
  return loop.getInductionVar();
}

LogicalResult SectionExpander::expand() {
  if (allocation.getConflict())
    return emitCoded(allocation.getConflict(), Code::DstConflict)
           << "'" << allocation.getConflict()->getName()
           << "' overwrites a block that is used later; "
              "tt-insert-compute-init copies such blocks";
  bool pops = section.getBody()
                  .walk([](CBPopFrontOp) { return WalkResult::interrupt(); })
                  .wasInterrupted();
  if (pops && numSubblocks() > 1)
    return emitCoded(section, Code::PopInSubblock)
           << "a section with a sub-block of " << shape.rows << "x"
           << shape.cols << " of " << block.rows << "x" << block.cols
           << " tiles frees its inputs before the next sub-block reads them";
  row = col = tile = constant(0);
  if (flat && numSubblocks() > 1) {
    tile = beginLoop("tile", block.tiles(), shape.tiles());
  } else {
    if (goesDown() && shape.cols < block.cols)
      col = beginLoop("c", block.cols, shape.cols);
    if (shape.rows < block.rows)
      row = beginLoop("r", block.rows, shape.rows);
    if (!goesDown() && shape.cols < block.cols)
      col = beginLoop("c", block.cols, shape.cols);
  }
  TileRegsAcquireOp::create(builder, loc);
  if (failed(visit(section.getBody().front())))
    return failure();
  TileRegsCommitOp::create(builder, loc);
  TileRegsWaitOp::create(builder, loc);
  pack();
  TileRegsReleaseOp::create(builder, loc);
  section.getBody().front().clear();
  OpBuilder end = OpBuilder::atBlockEnd(&section.getBody().front());
  tt::YieldOp::create(end, loc);
  return success();
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

LogicalResult SectionExpander::visit(Block &body) {
  for (Operation &op : llvm::make_early_inc_range(body))
    if (failed(visit(op)))
      return failure();
  flush();
  return success();
}

LogicalResult SectionExpander::visit(Operation &op) {
  if (isa<tt::ReceiveOp, tt::YieldOp, scf::YieldOp>(op))
    return success();
  if (auto format = dyn_cast<PackReconfigDataFormatOp>(op)) {
    packFormats.push_back(format);
    format->remove();
    return success();
  }
  if (auto mma = dyn_cast<tt::MmaOp>(op)) {
    flush();
    multiply(mma);
    return success();
  }
  if (auto operation = dyn_cast<tt::FoldOp>(op)) {
    flush();
    fold(operation);
    return success();
  }
  if (auto operation = dyn_cast<tt::CumsumOp>(op)) {
    flush();
    sum(operation);
    return success();
  }
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return visitLoop(loop);
  if (isa<tt::TTDialect>(op.getDialect()))
    return queue(op);
  if (isa<MetaliumDialect>(op.getDialect()))
    flush();
  op.moveBefore(builder.getInsertionBlock(), builder.getInsertionPoint());
  return success();
}

/// A loop whose blocks stay in DST: the same loop, carrying nothing.
LogicalResult SectionExpander::visitLoop(scf::ForOp loop) {
  flush();
  auto lean = scf::ForOp::create(builder, loop.getLoc(), loop.getLowerBound(),
                                 loop.getUpperBound(), loop.getStep());
  loop.getInductionVar().replaceAllUsesWith(lean.getInductionVar());
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(lean.getBody()->getTerminator());
  return visit(*loop.getBody());
}

void SectionExpander::multiply(tt::MmaOp mma) {
  OpBuilder::InsertionGuard guard(builder);
  int64_t inner = mma.getA().getType().getCols();
  int64_t width = mma.getB().getType().getCols();
  TileCall call =
      *getTileCall(mma, getPart(mma.getResult(), block, shape), fast);
  Value step = inner > 1 ? beginLoop("kk", inner, 1) : constant(0);
  Value a = add(scale(row, inner), step);
  Value b = add(scale(step, width), col);
  createCall(builder, mma.getLoc(), call,
             {a, b, constant(allocation.getTile(mma.getResult()))});
}

/// The first tile of a line is loaded as the result; each other one beside it,
/// and combined.
void SectionExpander::fold(tt::FoldOp op) {
  SmallVector<TileCall, 2> calls =
      getTileCalls(op, getPart(op.getResult(), block, shape), fast);
  tt::BlockType operand = op.getOperand().getType();
  bool along = op.getDim() == tt::ReduceDim::Row;
  int64_t count = along ? operand.getCols() : operand.getRows();
  Value temporary = constant(allocation.getTemporary(op));
  forEachTile(op.getResult(), /*anyVector=*/true, [&](const TileIndex &index) {
    Value first = along ? scale(index.row, count) : index.col;
    Value result =
        add(index.offset, constant(allocation.getTile(op.getResult())));
    createCall(builder, op.getLoc(), calls[0], {first, result});
    Value k = beginLoop("k", count, 1, /*start=*/1);
    Value tile = add(first, scale(k, along ? 1 : operand.getCols()));
    createCall(builder, op.getLoc(), calls[0], {tile, temporary});
    createCall(builder, op.getLoc(), calls[1], {result, temporary, result});
  });
}

/// The tiles of a line one after the other; its first starts from zero.
void SectionExpander::sum(tt::CumsumOp op) {
  OpBuilder::InsertionGuard guard(builder);
  TileCall next = *getTileCall(op, getPart(op.getResult(), block, shape), fast);
  TileCall first = next;
  first.attributes.push_back(
      builder.getNamedAttr("first", builder.getUnitAttr()));
  bool down = op.getDim() == tt::ReduceDim::Col;
  int64_t lines = down ? shape.cols : shape.rows;
  int64_t length = down ? shape.rows : shape.cols;
  Value begin = down ? row : col; // of the sub-block
  Value line = lines > 1 ? beginLoop(down ? "j" : "i", lines, 1) : constant(0);
  auto emit = [&](OpBuilder &at, const TileCall &call, Value step) {
    Value i = down ? step : line, j = down ? line : step;
    Value tile = add(add(scale(i, shape.cols), j),
                     constant(allocation.getTile(op.getResult())));
    createCall(at, op.getLoc(), call, {tile});
  };
  if (length == (down ? block.rows : block.cols)) {
    emit(builder, first, constant(0));
  } else {
    Value isFirst = arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::eq, begin, constant(0));
    Value zero = constant(0);
    auto branch = scf::IfOp::create(builder, loc, isFirst, true);
    OpBuilder::InsertionGuard inside(builder);
    builder.setInsertionPointToStart(branch.thenBlock());
    emit(builder, first, zero);
    builder.setInsertionPointToStart(branch.elseBlock());
    emit(builder, next, zero);
  }
  if (length > 1)
    emit(builder, next, beginLoop(down ? "i" : "j", length, 1, /*start=*/1));
}

LogicalResult SectionExpander::queue(Operation &op) {
  Value result = op.getResult(0);
  std::optional<TileCall> call =
      getTileCall(&op, getPart(result, block, shape), fast);
  if (!call)
    return success(); // done without a call: D4 has reported any other case
  if (!pending.empty() &&
      !(getBlockShape(pending.back().result) == getBlockShape(result)))
    flush();
  Step step{*call, {}, {}, result, op.getLoc()};
  auto fpu = dyn_cast<tt::FpuOp>(op);
  auto bcast = dyn_cast<tt::BcastOp>(op);
  for (Value operand : op.getOperands()) {
    if (getSourceCB(operand)) {
      bool vector = bcast || (fpu && operand == fpu.getRhs() &&
                              step.accesses.size() == 1);
      tt::Broadcast kind = !vector ? tt::Broadcast::None
                           : bcast ? bcast.getBcast()
                                   : fpu.getBcast();
      step.accesses.push_back(takesSwapped(&op) ? Access::Swapped
                                                : accessOf(kind));
    } else if (isa<tt::SfpuBinaryOp, tt::WhereOp, tt::CopyOp>(op)) {
      step.dst.push_back(allocation.getTile(operand));
    }
  }
  step.dst.push_back(allocation.getTile(result));
  pending.push_back(step);
  return success();
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

void SectionExpander::forEachTile(
    Value result, bool anyVector,
    llvm::function_ref<void(const TileIndex &)> emit) {
  OpBuilder::InsertionGuard guard(builder);
  TileShape full = getBlockShape(result), part = getPart(result, block, shape);
  if (flat || (!anyVector && part.rows > 1 && part.cols == full.cols)) {
    Value first = flat ? tile : scale(row, full.cols);
    Value t = part.tiles() > 1 ? beginLoop("t", part.tiles(), 1) : constant(0);
    auto named = NameLoc::get(builder.getStringAttr("index"), loc);
    Value index = builder.createOrFold<arith::AddIOp>(named, first, t);
    return emit({{}, {}, index, t});
  }
  if (part.tiles() == 1)
    return emit({row, col, {}, constant(0)});
  if (part.rows == 1) {
    Value t = beginLoop("t", part.cols, 1);
    return emit({row, add(col, t), {}, t});
  }
  if (part.cols == 1) {
    Value t = beginLoop("t", part.rows, 1);
    return emit({add(row, t), col, {}, t});
  }
  Value i = beginLoop("i", part.rows, 1);
  Value j = beginLoop("j", part.cols, 1);
  emit({add(row, i), add(col, j), {}, add(scale(i, part.cols), j)});
}

Value SectionExpander::indexOf(Access access, Value result,
                               const TileIndex &index) {
  switch (access) {
  case Access::Full:
    return index.full
               ? index.full
               : add(scale(index.row, getBlockShape(result).cols), index.col);
  case Access::Swapped:
    return add(scale(index.col, getBlockShape(result).rows), index.row);
  case Access::RowVector:
    return index.col;
  case Access::ColVector:
    return index.row;
  case Access::Single:
    return constant(0);
  }
  llvm_unreachable("every access has an index");
}

void SectionExpander::flush() {
  if (pending.empty())
    return;
  bool anyVector = llvm::any_of(pending, [](const Step &step) {
    return llvm::is_contained(step.accesses, Access::RowVector) ||
           llvm::is_contained(step.accesses, Access::ColVector) ||
           llvm::is_contained(step.accesses, Access::Swapped);
  });
  Value result = pending.front().result;
  forEachTile(result, anyVector, [&](const TileIndex &index) {
    for (const Step &step : pending) {
      SmallVector<Value> indices;
      for (Access access : step.accesses)
        indices.push_back(indexOf(access, result, index));
      for (int64_t first : step.dst)
        indices.push_back(add(index.offset, constant(first)));
      createCall(builder, step.loc, step.call, indices);
    }
  });
  pending.clear();
}

//===----------------------------------------------------------------------===//
// Packs
//===----------------------------------------------------------------------===//

void SectionExpander::pack() {
  auto yield = cast<tt::YieldOp>(section.getBody().front().getTerminator());
  for (auto [out, value] : llvm::zip(section.getOuts(), yield.getValues())) {
    for (PackReconfigDataFormatOp &format : packFormats)
      if (format && format.getOut() == out) {
        builder.insert(format);
        format = {};
      }
    packResult(out, value);
  }
  for (PackReconfigDataFormatOp format : packFormats)
    if (format)
      format->destroy();
}

void SectionExpander::packResult(Value out, Value result) {
  int64_t dst = allocation.getTile(result);
  if (!packsInOrder(out)) {
    forEachTile(result, /*anyVector=*/false, [&](const TileIndex &index) {
      PackTileOp::create(builder, loc, add(index.offset, constant(dst)), out,
                         indexOf(Access::Full, result, index));
    });
    return;
  }
  int64_t tiles = getPart(result, block, shape).tiles();
  if (tiles == 1)
    PackTileOp::create(builder, loc, constant(dst), out, Value());
  else
    PackBlockOp::create(builder, loc, constant(dst), out, constant(tiles));
}

DstSectionAttr describeSection(tt::SectionOp section) {
  TileShape block = getSectionShape(section);
  tt::SubblockAttr subblock = section.getSubblock();
  DstAllocation allocation(section, {subblock.getRows(), subblock.getCols()});
  auto program = section->getParentOfType<ProgramOp>();
  SourcePosition position = getSourcePosition(section.getLoc());
  std::string source;
  if (position.line)
    source = (position.file + ":" + Twine(position.line)).str();
  return DstSectionAttr::get(
      section.getContext(), source, {block.rows, block.cols},
      {subblock.getRows(), subblock.getCols()}, allocation.getNumTiles(),
      program.getConfig().dstTiles(), subblock.getRule());
}

LogicalResult expandSection(tt::SectionOp section) {
  return SectionExpander(section).expand();
}

} // namespace tilewright
