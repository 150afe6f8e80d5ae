//===- GridToCoreGrid.cpp - Pass B2: launch to persistent loop -------------===//
//
// A core runs its work items [start, start + count) one after another; the block ids
// of an item are recovered from its number, x fastest.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/B_Partitioning/Passes.h"
#include "mlir/IR/Builders.h"

namespace tilewright {
#define GEN_PASS_DEF_GRIDTOCOREGRID
#include "compiler/Passes/B_Partitioning/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

namespace {

/// Block id of dimension `dim`: item / (product of the faster extents) % extent.
Value recoverBlockId(OpBuilder &builder, Location loc, StringRef name,
                     Value item, ArrayRef<int64_t> grid, unsigned dim) {
  Location named = NameLoc::get(builder.getStringAttr(name), loc);
  if (grid[dim] == 1)
    return arith::ConstantIndexOp::create(builder, loc, 0);
  int64_t faster = 1;
  for (unsigned d = 0; d < dim; ++d)
    faster *= grid[d];
  bool slowest = llvm::all_of(grid.drop_front(dim + 1),
                              [](int64_t extent) { return extent == 1; });
  Value id = item;
  if (faster != 1) {
    Value divisor = arith::ConstantIndexOp::create(builder, loc, faster);
    id = arith::DivUIOp::create(builder, named, id, divisor);
  }
  if (!slowest) {
    Value extent = arith::ConstantIndexOp::create(builder, loc, grid[dim]);
    id = arith::RemUIOp::create(builder, named, id, extent);
  }
  return id;
}

struct GridToCoreGridPass : tilewright::impl::GridToCoreGridBase<GridToCoreGridPass> {
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
    auto program =
        tt::CoreProgramOp::create(builder, loc, launch.getWork());
    Block *body = builder.createBlock(&program.getBody());
    auto named = [&](StringRef name) -> Location {
      return NameLoc::get(builder.getStringAttr(name), loc);
    };
    Value start = body->addArgument(builder.getIndexType(), named("start"));
    Value count = body->addArgument(builder.getIndexType(), named("count"));
    Value end = arith::AddIOp::create(builder, loc, start, count);
    Value one = arith::ConstantIndexOp::create(builder, loc, 1);
    auto loop =
        scf::ForOp::create(builder, named("item"), start, end, one);
    builder.setInsertionPointToStart(loop.getBody());
    Block &blockBody = launch.getBody().front();
    SmallVector<Value> ids;
    for (auto [dim, name] : llvm::enumerate(
             launch.getNames().getAsValueRange<StringAttr>()))
      ids.push_back(recoverBlockId(builder, loc, name, loop.getInductionVar(),
                                   launch.getWork().getLaunchGrid(), dim));
    for (auto [argument, id] : llvm::zip(blockBody.getArguments(), ids))
      argument.replaceAllUsesWith(id);
    loop.getBody()->getOperations().splice(
        std::prev(loop.getBody()->end()), blockBody.getOperations());
    launch.erase();
  }
};

} // namespace
