//===- PropagateLayout.cpp - Pass A2: circular buffer geometry ------------===//
//
// 1. Every edge between DRAM and L1 gets a buffer of the tensor's own format:
//    where a copy changes the type, leaves from a gemm accumulator, or goes
//    from DRAM to DRAM, a staging buffer named after the tensor takes the DRAM
//    side.
// 2. Every L1 buffer gets the geometry of the circular buffer that will hold
//    it: a page is one tile, a block is the whole buffer, and the depth is the
//    number of pipeline stages of the loop that fills it from DRAM, 2 on other
//    DRAM edges, 1 for data that stays in the core or lies in shards in L1.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/A_Metadata/Layouts.h"
#include "compiler/Passes/A_Metadata/Passes.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "mlir/IR/Builders.h"

namespace tilewright {
#define GEN_PASS_DEF_PROPAGATELAYOUT
#include "compiler/Passes/A_Metadata/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

namespace {

tt::LayoutAttr layoutOf(Value memref) {
  return cast<tt::LayoutAttr>(
      cast<MemRefType>(memref.getType()).getMemorySpace());
}

bool isDram(Value memref) { return tt::isTensor(memref); }

/// A tensor that lies in L1 in shards: there is nothing to wait for.
bool isResidentShard(Value memref) {
  return isDram(memref) && layoutOf(memref).getShard() &&
         layoutOf(memref).getMemory() == tt::Memory::L1;
}

bool isAccumulator(Value memref) {
  return llvm::any_of(memref.getUsers(), [&](Operation *user) {
    auto gemm = dyn_cast<tile::GemmOp>(user);
    return gemm && gemm.getC() == memref;
  });
}

/// A staging buffer of the region's significant extents in the tensor's type. A
/// tensor region of one dimension lies in the plane as the tensor says.
Value createStaging(OpBuilder &builder, tile::CopyOp copy, Value tensor,
                    ArrayRef<int64_t> sizes) {
  auto type = cast<MemRefType>(tensor.getType());
  tt::LayoutAttr layout = layoutOf(tensor);
  SmallVector<int64_t> shape, plane;
  if (type.getRank() == 1) {
    shape.assign(sizes.begin(), sizes.end());
    plane.assign(layout.getPlane().begin(), layout.getPlane().end());
  } else {
    for (int64_t dim : layout.getPlane())
      shape.push_back(sizes[dim]);
    plane = {0, 1};
  }
  auto bufferLayout = tt::LayoutAttr::get(
      builder.getContext(), tt::Memory::L1, tt::Placement::Interleaved, plane,
      layout.getTile(), layout.getFormat(), tt::CBAttr());
  // Buffers stand at the start of the launch, as the program's own do.
  Operation *launch = copy->getParentOfType<tile::LaunchOp>();
  OpBuilder::InsertionGuard guard(builder);
  if (launch)
    builder.setInsertionPointToStart(&launch->getRegion(0).front());
  Location loc = NameLoc::get(builder.getStringAttr(getBufferName(tensor)),
                              copy.getLoc());
  return tile::AllocOp::create(
      builder, loc,
      MemRefType::get(shape, type.getElementType(), MemRefLayoutAttrInterface(),
                      bufferLayout),
      builder.getStringAttr(getBufferName(tensor)));
}

struct PropagateLayoutPass
    : tilewright::impl::PropagateLayoutBase<PropagateLayoutPass> {
  void runOnOperation() override {
    for (auto func : getOperation().getOps<tile::FuncOp>()) {
      if (failed(requireLayouts(func)))
        return signalPassFailure();
      SmallVector<tile::CopyOp> copies;
      func.walk([&](tile::CopyOp copy) { copies.push_back(copy); });
      for (tile::CopyOp copy : copies)
        stage(copy);
      func.walk([&](tile::AllocOp alloc) { attachGeometry(alloc); });
    }
  }

private:
  void stage(tile::CopyOp copy);
  void attachGeometry(tile::AllocOp alloc);
};

void PropagateLayoutPass::stage(tile::CopyOp copy) {
  bool fromDram = isDram(copy.getSource()), toDram = isDram(copy.getTarget());
  if (!fromDram && !toDram)
    return;
  bool sameType =
      cast<MemRefType>(copy.getSource().getType()).getElementType() ==
      cast<MemRefType>(copy.getTarget().getType()).getElementType();
  bool bothDram = fromDram && toDram;
  if (sameType && !bothDram && !(toDram && isAccumulator(copy.getSource())))
    return;
  OpBuilder builder(copy);
  Value tensor = fromDram ? copy.getSource() : copy.getTarget();
  ArrayRef<int64_t> sizes =
      fromDram ? copy.getSourceSizes() : copy.getTargetSizes();
  Value staging = createStaging(builder, copy, tensor, sizes);
  auto stagingType = cast<MemRefType>(staging.getType());
  Value zero = arith::ConstantIndexOp::create(builder, copy.getLoc(), 0);
  SmallVector<Value> offsets(stagingType.getRank(), zero);
  auto second = tile::CopyOp::create(
      builder, copy.getLoc(), staging, offsets, stagingType.getShape(),
      copy.getTarget(), copy.getTargetOffsets(), copy.getTargetSizes());
  builder.setInsertionPoint(second);
  tile::CopyOp::create(builder, copy.getLoc(), copy.getSource(),
                       copy.getSourceOffsets(), copy.getSourceSizes(), staging,
                       offsets, stagingType.getShape());
  copy.erase();
  // From DRAM to DRAM with a change of type, the second edge needs its own
  // buffer.
  if (bothDram && !sameType)
    stage(second);
}

void PropagateLayoutPass::attachGeometry(tile::AllocOp alloc) {
  Value buffer = alloc.getBuffer();
  auto type = cast<MemRefType>(buffer.getType());
  tt::LayoutAttr layout = layoutOf(buffer);
  int64_t pages = 1;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    bool inPlane = llvm::is_contained(layout.getPlane(), dim);
    int64_t extent = type.getDimSize(dim);
    pages *= inPlane ? llvm::divideCeil(extent, tt::kTileDim) : extent;
  }
  int64_t depth = 1;
  for (Operation *user : buffer.getUsers()) {
    auto copy = dyn_cast<tile::CopyOp>(user);
    if (!copy || (!isDram(copy.getSource()) && !isDram(copy.getTarget())))
      continue;
    auto loop = copy->getParentOfType<tile::ForOp>();
    bool pipelined = loop && loop.getKind() == tile::LoopKind::Pipelined &&
                     copy.getTarget() == buffer;
    Value tensor =
        copy.getTarget() == buffer ? copy.getSource() : copy.getTarget();
    int64_t wanted = pipelined ? std::max<int64_t>(1, loop.getStages())
                     : isResidentShard(tensor) ? 1
                                               : 2;
    depth = std::max(depth, wanted);
  }
  if (layout.getCb()) // the user decided
    depth = layout.getCb().getDepth();
  auto geometry = tt::CBAttr::get(&getContext(), layout.getFormat(),
                                  tt::getTileBytes(layout.getFormat()), pages,
                                  depth);
  auto withCB = tt::LayoutAttr::get(
      &getContext(), layout.getMemory(), layout.getPlacement(),
      layout.getPlane(), layout.getTile(), layout.getFormat(), geometry);
  buffer.setType(MemRefType::get(type.getShape(), type.getElementType(),
                                 type.getLayout(), withCB));
}

} // namespace
