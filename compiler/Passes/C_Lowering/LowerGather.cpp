//===- LowerGather.cpp - Gathering loops of pass C1 -----------------------===//
//
// A loop that a data movement kernel runs element by element becomes a
// tt.gather_to_cb: the loop's variables are the row and the column of the
// block, and each read is a tt.load_element.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Metalium/Elements.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/C_Lowering/BlockLowering.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tilewright;

LogicalResult BlockLowering::lowerGather(tile::ParallelOp loop) {
  if (failed(replaceScalarLoads(loop)))
    return failure();
  auto store = dyn_cast<memref::StoreOp>(loop.getBody().front().back());
  if (!store)
    return emitCoded(loop, Code::UnsupportedTileOperation)
           << "a gathering loop does not end with a store";
  Value buffer = store.getMemRef();
  auto type = cast<MemRefType>(buffer.getType());
  tt::LayoutAttr layout = getLayout(buffer);
  PlaneExtents extents = getPlaneExtents(type.getShape(), layout);
  std::string name = getBufferName(buffer);
  Location loc = loop.getLoc();
  builder.setInsertionPoint(loop);

  llvm::SetVector<Value> tensors;
  loop.walk([&](memref::LoadOp load) { tensors.insert(load.getMemRef()); });
  SmallVector<Value> sources, pages;
  for (Value tensor : tensors) {
    Value accessor = accessors.lookup(tensor);
    if (!accessor)
      return emitCoded(loop, Code::MalformedIR)
             << "tensor " << getBufferName(tensor) << " has no tt.accessor";
    Value &cache = gatherPages[tensor];
    if (!cache)
      cache = createCB(loc, getBufferName(tensor) + "_pages",
                       getLayout(tensor).getFormat(),
                       metalium::kElementReaderLines, /*depth=*/1);
    sources.push_back(accessor);
    pages.push_back(cache);
  }
  tt::BlockType block = getBlockType(extents, type.getElementType());
  Value cb = createCB(NameLoc::get(builder.getStringAttr(name), loc), name,
                      layout.getFormat(), block.getNumTiles(), /*depth=*/2);
  auto gather = tt::GatherToCBOp::create(
      builder, loc, block, cb, sources, pages,
      builder.getDenseI64ArrayAttr({extents.rows, extents.cols}));

  Block *body = new Block();
  gather.getBody().push_back(body);
  Value place[] = {body->addArgument(builder.getIndexType(), loc),
                   body->addArgument(builder.getIndexType(), loc)};
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(body);
  IRMapping map;
  for (BlockArgument argument : loop.getBody().getArguments())
    map.map(argument, arith::ConstantIndexOp::create(builder, loc, 0));
  for (auto [dim, index] : llvm::enumerate(store.getIndices()))
    map.map(index,
            place[static_cast<int64_t>(dim) == layout.getPlane()[0] ? 0 : 1]);
  for (auto [variable, argument] :
       llvm::zip(loop.getNames().getAsRange<StringAttr>(),
                 loop.getBody().getArguments()))
    if (auto mapped = dyn_cast<BlockArgument>(map.lookup(argument)))
      mapped.setLoc(NameLoc::get(variable, loc));
  for (Operation &op : loop.getBody().front().without_terminator()) {
    if (auto load = dyn_cast<memref::LoadOp>(op)) {
      SmallVector<Value> indices;
      for (Value index : load.getIndices())
        indices.push_back(map.lookupOrDefault(index));
      map.map(load.getResult(), tt::LoadElementOp::create(
                                    builder, load.getLoc(), load.getType(),
                                    accessors.lookup(load.getMemRef()), indices)
                                    .getValue());
    } else if (&op != store) {
      builder.clone(op, map);
    }
  }
  tt::YieldOp::create(builder, loc,
                      map.lookupOrDefault(store.getValueToStore()));
  zeroPadded.insert(gather.getBlock());
  write(buffer, gather.getBlock());
  loop.erase();
  return success();
}
