//===- LowerTransfers.cpp - Copies of pass C1 -----------------------------===//

#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/C_Lowering/BlockLowering.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageA.h"
#include "compiler/Support/Codes/StageC.h"

using namespace mlir;
using namespace tilewright;

static bool isDram(Value memref) { return tt::isTensor(memref); }

static std::string shapeText(PlaneExtents extents) {
  return "(" + std::to_string(extents.rows) + ", " +
         std::to_string(extents.cols) + ")";
}

//===----------------------------------------------------------------------===//
// Circular buffers and transfers
//===----------------------------------------------------------------------===//

Value BlockLowering::createCB(Location loc, StringRef name,
                              tt::DataFormat format, int64_t pages,
                              int64_t depth) {
  OpBuilder::InsertionGuard guard(builder);
  if (lastCB)
    builder.setInsertionPointAfter(lastCB);
  else
    builder.setInsertionPointToStart(&program.getBody().front());
  std::string unique = name.str();
  for (int i = 2; !names.try_emplace(unique, 1).second; ++i)
    unique = (name + "_" + Twine(i)).str();
  auto geometry = tt::CBAttr::get(builder.getContext(), format,
                                  tt::getTileBytes(format), pages, depth);
  auto alloc = tt::AllocCBOp::create(
      builder, loc, tt::CircularBufferType::get(builder.getContext(), geometry),
      builder.getStringAttr(unique), /*spills=*/ArrayAttr());
  lastCB = alloc;
  return alloc.getCb();
}

/// Says in a remark where a region does not consist of whole tiles in one of
/// its dimensions; whether it does.
static bool isWholeTiles(Operation *op, StringRef what, Value memref,
                         StringRef dimension, const IndexExpr &offset,
                         int64_t extent, int64_t size, bool isWrite) {
  bool isAligned = offset.divideExactly(tt::kTileDim).has_value();
  std::optional<int64_t> start = offset.getConstant();
  bool isKnown = !ShapedType::isDynamic(size);
  bool reachesEnd = isKnown && start && *start + extent >= size;
  // A single row or column of a tile is what a broadcast reads.
  if (isAligned &&
      (extent % tt::kTileDim == 0 || reachesEnd || (!isWrite && extent == 1)))
    return true;
  InFlightDiagnostic diag = remarkCoded(
      op->getLoc(), isAligned ? Code::PartialTile : Code::UnalignedOffset);
  diag << what << ": the block of " << getBufferName(memref);
  if (isAligned && !isKnown)
    diag << " has " << extent << " " << dimension
         << "s, which is not a multiple of 32, and may not end with the tensor";
  else if (isAligned)
    diag << " has " << extent << " " << dimension
         << "s, which is not a multiple of 32, and does not end with the "
            "tensor ("
         << size << ")";
  else
    diag << " starts at " << dimension << " " << offset.str()
         << ", which is not always a multiple of 32";
  diag << "; it moves element by element, which is slow";
  return false;
}

IndexExpr tilewright::getTensorExtent(Value memref, int64_t dim) {
  auto type = cast<MemRefType>(memref.getType());
  if (!type.isDynamicDim(dim))
    return IndexExpr(type.getDimSize(dim));
  auto argument = cast<BlockArgument>(memref);
  auto func = cast<tile::FuncOp>(argument.getOwner()->getParentOp());
  StringRef name = func.getSizeName(argument.getArgNumber(), dim);
  for (auto size : func.getBody().getOps<tt::SizeOp>())
    if (size.getName() == name)
      return IndexExpr::of(size);
  llvm_unreachable("tt-infer-layout makes a tt.size of each size");
}

FailureOr<BlockLowering::TensorRegion>
BlockLowering::getRegion(Operation *op, StringRef what, Value memref,
                         PlaneExtents extents, const IndexExpr &row,
                         const IndexExpr &col, ArrayRef<IndexExpr> outer,
                         bool isWrite) {
  TensorRegion region;
  region.tensor = accessors.lookup(memref);
  if (!region.tensor)
    return emitCoded(op, Code::MalformedIR)
           << "tensor " << getBufferName(memref) << " has no tt.accessor";
  region.extents = extents;
  auto type = cast<tt::TensorType>(region.tensor.getType());
  bool isElement = extents.rows == 1 && extents.cols == 1 && !isWrite;
  bool inTiles = isElement
                     ? row.divideExactly(tt::kTileDim).has_value() &&
                           col.divideExactly(tt::kTileDim).has_value()
                     : isWholeTiles(op, what, memref, "row", row, extents.rows,
                                    type.getRows(), isWrite) &&
                           isWholeTiles(op, what, memref, "column", col,
                                        extents.cols, type.getCols(), isWrite);
  if (!inTiles) {
    region.inElements = true;
    region.row = row;
    region.col = col;
  } else {
    region.row = *row.divideExactly(tt::kTileDim);
    region.col = *col.divideExactly(tt::kTileDim);
  }
  // Outer dimensions are row-major.
  auto memrefType = cast<MemRefType>(memref.getType());
  tt::LayoutAttr layout = getLayout(memref);
  size_t next = 0;
  for (int64_t dim = 0; dim < memrefType.getRank(); ++dim)
    if (!llvm::is_contained(layout.getPlane(), dim))
      region.outer =
          region.outer * getTensorExtent(memref, dim) + outer[next++];
  return region;
}

Value BlockLowering::createRead(Operation *op, const TensorRegion &region,
                                StringRef name, int64_t depth) {
  auto tensor = cast<tt::TensorType>(region.tensor.getType());
  tt::BlockType block = getBlockType(region.extents, tensor.getElement());
  Location loc = op->getLoc();
  Value cb =
      createCB(NameLoc::get(builder.getStringAttr(name), loc), name,
               tensor.getLayout().getFormat(), block.getNumTiles(), depth);
  Value outer = region.outer.materialize(builder, loc);
  Value row = region.row.materialize(builder, loc);
  Value col = region.col.materialize(builder, loc);
  auto read = tt::ReadToCBOp::create(builder, loc, block, cb, region.tensor,
                                     outer, row, col, /*transposed=*/false);
  transfers.push_back({read, region, /*isRead=*/true});
  if (region.inElements) {
    // The four tiles of the tensor that a tile of the block may lie on.
    read.getScratchMutable().assign(createCB(loc, (name + "_pages").str(),
                                             tensor.getLayout().getFormat(),
                                             /*pages=*/4, /*depth=*/1));
    read.setElementsAttr(builder.getDenseI64ArrayAttr(
        {region.extents.rows, region.extents.cols}));
    zeroPadded.insert(read.getBlock());
    return read.getBlock();
  }
  auto clean = [](int64_t extent, const IndexExpr &tile, int64_t size) {
    std::optional<int64_t> start = tile.getConstant();
    return extent % tt::kTileDim == 0 ||
           (!ShapedType::isDynamic(size) && start &&
            *start * tt::kTileDim + extent >= size);
  };
  if (clean(region.extents.rows, region.row, tensor.getRows()) &&
      clean(region.extents.cols, region.col, tensor.getCols()))
    zeroPadded.insert(read.getBlock());
  return read.getBlock();
}

void BlockLowering::createWrite(Operation *op, const TensorRegion &region,
                                Value block, StringRef name, int64_t depth) {
  auto tensor = cast<tt::TensorType>(region.tensor.getType());
  Location loc = op->getLoc();
  auto type = cast<tt::BlockType>(block.getType());
  if (type.getElement() != tensor.getElement())
    block = tt::CastOp::create(
        builder, loc,
        tt::BlockType::get(builder.getContext(), type.getRows(), type.getCols(),
                           tensor.getElement()),
        block);
  Value cb =
      createCB(NameLoc::get(builder.getStringAttr(name), loc), name,
               tensor.getLayout().getFormat(),
               cast<tt::BlockType>(block.getType()).getNumTiles(), depth);
  Value outer = region.outer.materialize(builder, loc);
  Value row = region.row.materialize(builder, loc);
  Value col = region.col.materialize(builder, loc);
  auto write = tt::WriteFromCBOp::create(builder, loc, cb, block, region.tensor,
                                         outer, row, col);
  if (region.inElements) {
    write.getScratchMutable().assign(createCB(loc, (name + "_page").str(),
                                              tensor.getLayout().getFormat(),
                                              /*pages=*/1, /*depth=*/1));
    write.setElementsAttr(builder.getDenseI64ArrayAttr(
        {region.extents.rows, region.extents.cols}));
    write.getRowsMutable().assign(region.rowLimit ? ValueRange(region.rowLimit)
                                                  : ValueRange());
    write.getColsMutable().assign(region.colLimit ? ValueRange(region.colLimit)
                                                  : ValueRange());
  }
  transfers.push_back({write, region, /*isRead=*/false});
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

LogicalResult BlockLowering::lower(tile::CopyOp copy) {
  for (Value side : {copy.getSource(), copy.getTarget()})
    if (!getLayout(side))
      return emitCoded(copy, Code::MissingLayout)
             << getBufferName(side) << " has no #tt.layout";
  bool fromDram = isDram(copy.getSource()), toDram = isDram(copy.getTarget());
  if (fromDram && toDram)
    return emitCoded(copy, Code::MalformedIR)
           << "a copy between two DRAM tensors reaches stage C; "
              "tt-propagate-layout should have given it a buffer";
  LogicalResult result = fromDram ? lowerRead(copy)
                         : toDram ? lowerWrite(copy)
                                  : lowerMove(copy);
  if (succeeded(result))
    copy.erase();
  return result;
}

LogicalResult BlockLowering::checkWhole(tile::CopyOp copy, bool source) {
  Value buffer = source ? copy.getSource() : copy.getTarget();
  OperandRange offsets =
      source ? copy.getSourceOffsets() : copy.getTargetOffsets();
  ArrayRef<int64_t> sizes =
      source ? copy.getSourceSizes() : copy.getTargetSizes();
  auto type = cast<MemRefType>(buffer.getType());
  tt::LayoutAttr layout = getLayout(buffer);
  int64_t planes = 1;
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (!llvm::is_contained(layout.getPlane(), dim))
      planes *= type.getDimSize(dim);
  if (planes != 1) {
    InFlightDiagnostic diag = emitCoded(copy, Code::UnsupportedTileOperation);
    diag << "buffer " << getBufferName(buffer) << " holds " << planes
         << " matrices; a block is one";
    diag.attachNote() << "fix: allocate one buffer for each, or one with two "
                         "dimensions";
    return diag;
  }
  bool whole =
      sizes == type.getShape() && llvm::all_of(offsets, [](Value offset) {
        return IndexExpr::of(offset).isZero();
      });
  if (whole)
    return success();
  InFlightDiagnostic diag = emitCoded(copy, Code::PartialBuffer);
  diag << "T.copy: only a part of " << getBufferName(buffer) << " is "
       << (source ? "read" : "written");
  diag.attachNote()
      << "fix: allocate a buffer of the size of the part and copy "
         "the whole buffer";
  return diag;
}

static PlaneExtents extentsOf(Value buffer) {
  return getPlaneExtents(cast<MemRefType>(buffer.getType()).getShape(),
                         getLayout(buffer));
}

/// Whether `a` and `b` are one vector, along a row and along a column.
static bool isTurned(PlaneExtents a, PlaneExtents b) {
  return a != b && a.rows == b.cols && a.cols == b.rows &&
         (a.rows == 1 || a.cols == 1);
}

/// Offsets of a DRAM region: plane row, plane column, the others in order.
/// Fails when the region spans a dimension outside the plane or has other
/// extents than `block`, what is moved of `buffer`, vectors aside.
static LogicalResult splitRegion(tile::CopyOp copy, Value tensor, Value buffer,
                                 PlaneExtents block, OperandRange offsets,
                                 ArrayRef<int64_t> sizes, IndexExpr &row,
                                 IndexExpr &col,
                                 SmallVectorImpl<IndexExpr> &outer) {
  tt::LayoutAttr layout = getLayout(tensor);
  for (auto [dim, offset] : llvm::enumerate(offsets)) {
    IndexExpr expr = IndexExpr::of(offset);
    if (static_cast<int64_t>(dim) == layout.getPlane()[0]) {
      row = expr;
    } else if (static_cast<int64_t>(dim) == layout.getPlane()[1]) {
      col = expr;
    } else if (sizes[dim] == 1) {
      outer.push_back(expr);
    } else {
      InFlightDiagnostic diag = emitCoded(copy, Code::BlockMismatch);
      diag << "T.copy: the region of " << getBufferName(tensor)
           << " has extent " << sizes[dim] << " in dimension " << dim
           << ", which is outside its tile plane (dimensions "
           << layout.getPlane()[0] << " and " << layout.getPlane()[1] << ")";
      diag.attachNote() << "fix: copy one matrix at a time";
      return diag;
    }
  }
  PlaneExtents region = getPlaneExtents(sizes, layout);
  if (region == block || isTurned(region, block))
    return success();
  InFlightDiagnostic diag = emitCoded(copy, Code::BlockMismatch);
  diag << "T.copy: the region of " << getBufferName(tensor) << " is "
       << shapeText(region) << " in its tile plane, " << getBufferName(buffer)
       << " is " << shapeText(block);
  diag.attachNote() << "fix: give " << getBufferName(buffer)
                    << " the shape of the region";
  return diag;
}

static int64_t depthOf(Value buffer) {
  tt::CBAttr cb = getLayout(buffer).getCb();
  return cb ? cb.getDepth() : 2;
}

LogicalResult BlockLowering::lowerRead(tile::CopyOp copy) {
  Value tensor = copy.getSource(), buffer = copy.getTarget();
  IndexExpr row, col;
  SmallVector<IndexExpr> outer;
  if (failed(checkWhole(copy, /*source=*/false)) ||
      failed(splitRegion(copy, tensor, buffer, extentsOf(buffer),
                         copy.getSourceOffsets(), copy.getSourceSizes(), row,
                         col, outer)))
    return failure();
  PlaneExtents extents =
      getPlaneExtents(copy.getSourceSizes(), getLayout(tensor));
  FailureOr<TensorRegion> region = getRegion(
      copy, "T.copy", tensor, extents, row, col, outer, /*isWrite=*/false);
  if (failed(region))
    return failure();
  Value block =
      createRead(copy, *region, getBufferName(buffer), depthOf(buffer));
  tt::BlockType type = getBlockType(
      extents, cast<MemRefType>(buffer.getType()).getElementType());
  if (type != block.getType()) {
    bool clean = zeroPadded.contains(block);
    block = tt::CastOp::create(builder, copy.getLoc(), type, block);
    if (clean)
      zeroPadded.insert(block);
  }
  if (isTurned(extents, extentsOf(buffer)))
    block = turn(copy.getLoc(), block);
  write(buffer, block);
  return success();
}

LogicalResult BlockLowering::lowerWrite(tile::CopyOp copy) {
  Value buffer = copy.getSource(), tensor = copy.getTarget();
  IndexExpr row, col;
  SmallVector<IndexExpr> outer;
  // Of a part at the start of the buffer the writer leaves the rest out.
  ArrayRef<int64_t> sizes = copy.getSourceSizes();
  PlaneExtents part = getPlaneExtents(sizes, getLayout(buffer));
  PlaneExtents whole = extentsOf(buffer);
  bool isPart = part != whole &&
                cast<MemRefType>(buffer.getType()).getNumElements() ==
                    whole.rows * whole.cols &&
                llvm::all_of(copy.getSourceOffsets(), [](Value offset) {
                  return IndexExpr::of(offset).isZero();
                });
  if ((!isPart && failed(checkWhole(copy, /*source=*/true))) ||
      failed(splitRegion(copy, tensor, buffer, part, copy.getTargetOffsets(),
                         copy.getTargetSizes(), row, col, outer)))
    return failure();
  PlaneExtents extents =
      getPlaneExtents(copy.getTargetSizes(), getLayout(tensor));
  FailureOr<TensorRegion> region = getRegion(copy, "T.copy", tensor, extents,
                                             row, col, outer, /*isWrite=*/true);
  if (failed(region))
    return failure();
  if (isPart && !region->inElements) {
    region->inElements = true;
    region->row = row;
    region->col = col;
  }
  FailureOr<Value> block = read(buffer, copy);
  if (failed(block))
    return failure();
  if (isTurned(extents, part))
    block = turn(copy.getLoc(), *block);
  // Results leave one block at a time; a second one hides the write.
  createWrite(copy, *region, *block, getBufferName(buffer),
              std::min<int64_t>(depthOf(buffer), 2));
  return success();
}

LogicalResult BlockLowering::lowerMove(tile::CopyOp copy) {
  Value source = copy.getSource(), target = copy.getTarget();
  if (failed(checkWhole(copy, /*source=*/true)) ||
      failed(checkWhole(copy, /*source=*/false)))
    return failure();
  auto sourceType = cast<MemRefType>(source.getType());
  auto targetType = cast<MemRefType>(target.getType());
  PlaneExtents from = extentsOf(source), to = extentsOf(target);
  if (from != to && !isTurned(from, to)) {
    InFlightDiagnostic diag = emitCoded(copy, Code::BlockMismatch);
    diag << "T.copy: " << getBufferName(source) << " is " << shapeText(from)
         << " in its tile plane, " << getBufferName(target) << " is "
         << shapeText(to);
    diag.attachNote() << "fix: use buffers of the same shape";
    return diag;
  }
  FailureOr<Value> block = read(source, copy);
  if (failed(block))
    return failure();
  Value result = *block;
  if (sourceType.getElementType() != targetType.getElementType()) {
    bool clean = zeroPadded.contains(result);
    result = tt::CastOp::create(builder, copy.getLoc(),
                                getBlockType(from, targetType.getElementType()),
                                result);
    if (clean)
      zeroPadded.insert(result);
  }
  if (isTurned(from, to))
    result = turn(copy.getLoc(), result);
  write(target, result);
  return success();
}

//===----------------------------------------------------------------------===//
// Reads of what the kernel writes
//===----------------------------------------------------------------------===//

/// Whether each iteration of the loops around `op` has its own region. Other
/// blocks of the launch have their own, unless they update the same elements.
template <typename Region>
static bool movesWithLoops(Operation *op, const Region &region) {
  for (auto loop = op->getParentOfType<scf::ForOp>(); loop;
       loop = loop->getParentOfType<scf::ForOp>()) {
    auto program = dyn_cast<tt::CoreProgramOp>(loop->getParentOp());
    if (program && program.getOrdered())
      return false;
    Value iv = loop.getInductionVar();
    if (!program && !region.outer.dependsOn(iv) && !region.row.dependsOn(iv) &&
        !region.col.dependsOn(iv))
      return false;
  }
  return true;
}

/// Reads that come after writes to the same tensor are done by the kernel that
/// writes, in the order of the program. Reads of a block that the same
/// statements then write need no such order.
void BlockLowering::orderReads() {
  for (const Transfer &write : transfers) {
    if (write.isRead)
      continue;
    for (const Transfer &read : transfers) {
      if (!read.isRead || read.region.tensor != write.region.tensor)
        continue;
      bool sameBlock = read.region.outer == write.region.outer &&
                       read.region.row == write.region.row &&
                       read.region.col == write.region.col &&
                       read.region.inElements == write.region.inElements &&
                       read.region.extents == write.region.extents;
      bool inPlace = sameBlock && read.op->getBlock() == write.op->getBlock() &&
                     read.op->isBeforeInBlock(write.op) &&
                     movesWithLoops(read.op, read.region);
      if (!inPlace)
        cast<tt::ReadToCBOp>(read.op).setOrdered(true);
    }
  }
}

/// A kernel makes one transfer after the other: those with pages of the same
/// format and number share the memory behind them.
void BlockLowering::shareScratch() {
  std::vector<std::pair<bool, Value>> shared; // whether it is of the writer
  for (const Transfer &transfer : transfers) {
    auto read = dyn_cast<tt::ReadToCBOp>(transfer.op);
    bool isWriter = !read || read.getOrdered();
    MutableOperandRange scratch =
        read ? read.getScratchMutable()
             : cast<tt::WriteFromCBOp>(transfer.op).getScratchMutable();
    if (scratch.empty())
      continue;
    Value own = scratch[0].get();
    auto other = llvm::find_if(shared, [&](auto &entry) {
      return entry.first == isWriter && entry.second.getType() == own.getType();
    });
    if (other == shared.end())
      shared.push_back({isWriter, own});
    else
      scratch.assign(other->second);
  }
}
