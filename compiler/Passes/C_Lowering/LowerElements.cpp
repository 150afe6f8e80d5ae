//===- LowerElements.cpp - Loops over single elements, of pass C1 ---------===//
//
// A loop that a data movement kernel runs element by element becomes a
// tt.gather_to_cb or a tt.scatter_from_cb: the loop's variables are the row and
// the column of the block, and each read of a tensor is a tt.load_element.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Metalium/Elements.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/C_Lowering/BlockLowering.h"
#include "compiler/Passes/C_Lowering/ScalarChecks.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tilewright;

/// Accessors of the tensors that the loop loads from, and circular buffers for
/// pages of them.
LogicalResult BlockLowering::openSources(tile::ParallelOp loop,
                                         SmallVectorImpl<Value> &sources,
                                         SmallVectorImpl<Value> &pages) {
  llvm::SetVector<Value> tensors;
  loop.walk([&](memref::LoadOp load) {
    if (tt::isTensor(load.getMemRef()))
      tensors.insert(load.getMemRef());
  });
  unsigned isReader = loop.getGathers() ? 1 : 0;
  for (Value tensor : tensors) {
    Value accessor = accessors.lookup(tensor);
    if (!accessor)
      return emitCoded(loop, Code::MalformedIR)
             << "tensor " << getBufferName(tensor) << " has no tt.accessor";
    Value &cache = elementPages[{tensor, isReader}];
    if (!cache)
      cache = createCB(loop.getLoc(), getBufferName(tensor) + "_pages",
                       getLayout(tensor).getFormat(),
                       metalium::kElementReaderLines, /*depth=*/1);
    sources.push_back(accessor);
    pages.push_back(cache);
  }
  return success();
}

/// Row and column in the plane of `buffer` of what `indices` name.
static SmallVector<Value> getPlanePlace(OpBuilder &builder, Location loc,
                                        Value buffer, ValueRange indices) {
  SmallVector<Value> place;
  for (int64_t dim : getLayout(buffer).getPlane())
    place.push_back(
        dim >= 0 ? indices[dim]
                 : arith::ConstantIndexOp::create(builder, loc, 0).getResult());
  return place;
}

/// The body of the operation: that of the loop up to `buffer`'s access, which
/// is at `place`.
void BlockLowering::fillBody(tile::ParallelOp loop, Region &region,
                             Value buffer, OperandRange place, IRMapping &map) {
  Location loc = loop.getLoc();
  tt::LayoutAttr layout = getLayout(buffer);
  Block *body = new Block();
  region.push_back(body);
  Value rowAndCol[] = {body->addArgument(builder.getIndexType(), loc),
                       body->addArgument(builder.getIndexType(), loc)};
  builder.setInsertionPointToStart(body);
  for (BlockArgument argument : loop.getBody().getArguments())
    map.map(argument, arith::ConstantIndexOp::create(builder, loc, 0));
  for (auto [dim, index] : llvm::enumerate(place)) {
    bool isRow = static_cast<int64_t>(dim) == layout.getPlane()[0];
    map.map(index, rowAndCol[isRow ? 0 : 1]);
    if (auto argument = dyn_cast<BlockArgument>(index))
      rowAndCol[isRow ? 0 : 1].setLoc(NameLoc::get(
          cast<StringAttr>(loop.getNames()[argument.getArgNumber()]), loc));
  }
  copyBody(loop, map);
}

/// The statements of the loop but its stores, at the builder: loads of tensors,
/// and of buffers whose blocks are `held`.
void BlockLowering::copyBody(tile::ParallelOp loop, IRMapping &map,
                             const llvm::MapVector<Value, Value> &held) {
  for (Operation &op : loop.getBody().front()) {
    auto load = dyn_cast<memref::LoadOp>(op);
    Value source = load ? Value(load.getMemRef()) : Value();
    if (load && (tt::isTensor(source) || held.contains(source))) {
      SmallVector<Value> indices;
      for (Value index : load.getIndices())
        indices.push_back(map.lookupOrDefault(index));
      Value from = accessors.lookup(source);
      if (!tt::isTensor(source)) {
        from = held.lookup(source);
        indices = getPlanePlace(builder, load.getLoc(), source, indices);
      }
      map.map(load.getResult(),
              tt::LoadElementOp::create(builder, load.getLoc(), load.getType(),
                                        from, indices)
                  .getValue());
    } else if (!load && !isa<memref::StoreOp, scf::IfOp>(op)) {
      builder.clone(op, map);
    }
  }
}

LogicalResult BlockLowering::lowerGather(tile::ParallelOp loop) {
  auto store = dyn_cast<memref::StoreOp>(loop.getBody().front().back());
  if (!store)
    return emitCoded(loop, Code::MalformedIR)
           << "a loop that gathers does not end with a store";
  Value buffer = store.getMemRef();
  auto type = cast<MemRefType>(buffer.getType());
  tt::LayoutAttr layout = getLayout(buffer);
  PlaneExtents extents = getPlaneExtents(type.getShape(), layout);
  std::string name = getBufferName(buffer);
  Location loc = loop.getLoc();
  builder.setInsertionPoint(loop);
  SmallVector<Value> sources, pages;
  if (failed(openSources(loop, sources, pages)))
    return failure();
  tt::BlockType block = getBlockType(extents, type.getElementType());
  Value cb = createCB(NameLoc::get(builder.getStringAttr(name), loc), name,
                      layout.getFormat(), block.getNumTiles(), /*depth=*/2);
  auto gather = tt::GatherToCBOp::create(
      builder, loc, block, cb, sources, pages,
      builder.getDenseI64ArrayAttr({extents.rows, extents.cols}));
  {
    OpBuilder::InsertionGuard guard(builder);
    IRMapping map;
    fillBody(loop, gather.getBody(), buffer, store.getIndices(), map);
    tt::YieldOp::create(builder, loc,
                        map.lookupOrDefault(store.getValueToStore()));
  }
  zeroPadded.insert(gather.getBlock());
  write(buffer, gather.getBlock());
  loop.erase();
  return success();
}

LogicalResult BlockLowering::lowerScatter(tile::ParallelOp loop) {
  if (failed(checkParallelRaces(loop)))
    return failure();
  memref::StoreOp store;
  loop.walk([&](memref::StoreOp op) { store = op; });
  auto load = store ? store.getValueToStore().getDefiningOp<memref::LoadOp>()
                    : memref::LoadOp();
  if (!load || tt::isTensor(load.getMemRef()))
    return emitCoded(loop, Code::MalformedIR)
           << "a loop that scatters does not store an element of a buffer";
  Value buffer = load.getMemRef(), tensor = store.getMemRef();
  PlaneExtents extents =
      getPlaneExtents(load.getMemRefType().getShape(), getLayout(buffer));
  tt::LayoutAttr layout = getLayout(tensor);
  std::string name = getBufferName(tensor);
  Location loc = loop.getLoc();
  FailureOr<Value> block = read(buffer, load);
  if (failed(block))
    return failure();
  builder.setInsertionPoint(loop);
  Value accessor = accessors.lookup(tensor);
  if (!accessor)
    return emitCoded(loop, Code::MalformedIR)
           << "tensor " << name << " has no tt.accessor";
  // Pages of the tensor come with masks, see metalium/Elements.h.
  int64_t pageBytes = tt::getTileBytes(layout.getFormat());
  SmallVector<Value> tensors = {accessor};
  SmallVector<Value> pages = {createCB(
      loc, name + "_pages", layout.getFormat(),
      (metalium::getElementCacheBytes(layout) + pageBytes - 1) / pageBytes,
      /*depth=*/1)};
  if (failed(openSources(loop, tensors, pages)))
    return failure();
  auto type = cast<tt::BlockType>(block->getType());
  Value cb = createCB(NameLoc::get(builder.getStringAttr(name), loc), name,
                      layout.getFormat(), type.getNumTiles(), /*depth=*/2);
  auto scatter = tt::ScatterFromCBOp::create(
      builder, loc, cb, *block, tensors, pages,
      builder.getDenseI64ArrayAttr({extents.rows, extents.cols}));
  OpBuilder::InsertionGuard guard(builder);
  IRMapping map;
  fillBody(loop, scatter.getBody(), buffer, load.getIndices(), map);
  auto branch = dyn_cast<scf::IfOp>(store->getParentOp());
  SmallVector<Value> yields;
  if (branch)
    yields.push_back(map.lookupOrDefault(branch.getCondition()));
  else
    yields.push_back(
        arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true)));
  for (Value index : store.getIndices())
    yields.push_back(map.lookupOrDefault(index));
  tt::YieldOp::create(builder, loc, yields);
  loop.erase();
  return success();
}

LogicalResult BlockLowering::lowerOnChip(tile::ParallelOp loop) {
  if (loop.getUpdates() && failed(checkParallelRaces(loop)))
    return failure();
  Location loc = loop.getLoc();
  memref::StoreOp store;
  llvm::MapVector<Value, Value> held; // buffer, block
  WalkResult result = loop.walk([&](Operation *op) -> WalkResult {
    if (auto found = dyn_cast<memref::StoreOp>(op))
      store = found;
    auto load = dyn_cast<memref::LoadOp>(op);
    if (!load || tt::isTensor(load.getMemRef()) ||
        held.contains(load.getMemRef()))
      return success();
    FailureOr<Value> block = read(load.getMemRef(), load);
    if (failed(block))
      return failure();
    held[load.getMemRef()] = *block;
    return success();
  });
  if (result.wasInterrupted())
    return failure();
  if (!store || tt::isTensor(store.getMemRef()) ||
      held.contains(store.getMemRef()))
    return emitCoded(loop, Code::MalformedIR)
           << "a loop inside the core stores to one buffer, which it does not "
              "read";
  Value target = store.getMemRef();
  auto type = cast<MemRefType>(target.getType());
  PlaneExtents extents = getPlaneExtents(type.getShape(), getLayout(target));
  tt::BlockType block = getBlockType(extents, type.getElementType());
  IntegerAttr onto;
  if (loop.getUpdates()) {
    FailureOr<Value> old = read(target, loop);
    if (failed(old))
      return failure();
    onto = builder.getI64IntegerAttr(held.size());
    held[target] = *old;
  }
  builder.setInsertionPoint(loop);
  SmallVector<Value> tensors, pages, blocks, through;
  if (failed(openSources(loop, tensors, pages)))
    return failure();
  auto bufferFor = [&](Value of, tt::BlockType type, int64_t depth) {
    std::string name = getBufferName(of);
    return createCB(NameLoc::get(builder.getStringAttr(name), loc), name,
                    *tt::getDataFormat(type.getElement()), type.getNumTiles(),
                    depth);
  };
  for (auto &[buffer, value] : held) {
    blocks.push_back(value);
    through.push_back(
        bufferFor(buffer, cast<tt::BlockType>(value.getType()), /*depth=*/1));
  }
  SmallVector<int64_t> counts;
  SmallVector<unsigned> running;
  for (auto [index, extent] : llvm::enumerate(loop.getExtents()))
    if (extent != 1) {
      running.push_back(index);
      counts.push_back(extent);
    }
  if (running.size() > 2)
    return emitCoded(loop, Code::MalformedIR)
           << "a loop inside the core runs over rows and columns";
  while (counts.size() < 2)
    counts.insert(counts.begin(), 1);
  auto move = tt::MoveElementsOp::create(
      builder, loc, block, bufferFor(target, block, /*depth=*/2), blocks,
      through, tensors, pages, builder.getDenseI64ArrayAttr(counts), onto);
  {
    OpBuilder::InsertionGuard guard(builder);
    Block *body = builder.createBlock(&move.getBody());
    Value rowAndCol[] = {body->addArgument(builder.getIndexType(), loc),
                         body->addArgument(builder.getIndexType(), loc)};
    for (auto &[buffer, block] : held)
      block = body->addArgument(block.getType(), block.getLoc());
    IRMapping map;
    for (BlockArgument argument : loop.getBody().getArguments())
      map.map(argument, arith::ConstantIndexOp::create(builder, loc, 0));
    for (auto [position, index] : llvm::enumerate(llvm::reverse(running))) {
      Value variable = rowAndCol[1 - position];
      variable.setLoc(
          NameLoc::get(cast<StringAttr>(loop.getNames()[index]), loc));
      map.map(loop.getBody().getArgument(index), variable);
    }
    copyBody(loop, map, held);
    auto branch = dyn_cast<scf::IfOp>(store->getParentOp());
    Value condition =
        branch
            ? map.lookupOrDefault(branch.getCondition())
            : arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true))
                  .getResult();
    SmallVector<Value> indices;
    for (Value index : store.getIndices())
      indices.push_back(map.lookupOrDefault(index));
    SmallVector<Value> yields = {condition,
                                 map.lookupOrDefault(store.getValueToStore())};
    llvm::append_range(yields, getPlanePlace(builder, loc, target, indices));
    tt::YieldOp::create(builder, loc, yields);
  }
  if (loop.getMoves())
    zeroPadded.insert(move.getBlock());
  write(target, move.getBlock());
  loop.erase();
  return success();
}
