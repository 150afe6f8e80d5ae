//===- PartitionWork.cpp - Pass B1: launch blocks to cores -----------------===//
//
// Work items are the blocks of the launch grid in row-major order, x fastest. They are
// dealt to the cores in contiguous runs whose lengths differ by one at most; the
// longer runs come first. Cores without work have a count of 0.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/B_Partitioning/Passes.h"
#include "compiler/Support/Codes/StageA.h"
#include "compiler/Support/Codes/StageB.h"
#include "tilewright/arch/Chip.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"

namespace tilewright {
#define GEN_PASS_DEF_PARTITIONWORK
#include "compiler/Passes/B_Partitioning/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

namespace {

struct PartitionWorkPass : tilewright::impl::PartitionWorkBase<PartitionWorkPass> {
  using PartitionWorkBase::PartitionWorkBase;

  void runOnOperation() override {
    FailureOr<std::array<int64_t, 2>> cores = chooseCoreGrid();
    if (failed(cores))
      return signalPassFailure();
    for (auto func : getOperation().getOps<tile::FuncOp>())
      if (failed(partitionFunc(func, *cores)))
        return signalPassFailure();
  }

private:
  FailureOr<std::array<int64_t, 2>> chooseCoreGrid();
  LogicalResult partitionFunc(tile::FuncOp func,
                              std::array<int64_t, 2> coreGrid);
  LogicalResult partition(tile::LaunchOp launch,
                          std::array<int64_t, 2> coreGrid);
};

FailureOr<std::array<int64_t, 2>> PartitionWorkPass::chooseCoreGrid() {
  Location loc = getOperation().getLoc();
  const arch::Chip *target = arch::findChip(chip);
  if (!target) {
    InFlightDiagnostic diag = emitCoded(loc, Code::UnknownChip);
    diag << "no chip is named '" << chip << "'; known are ";
    llvm::interleaveComma(arch::allChips(), diag, [&](const arch::Chip *known) {
      diag << StringRef(known->name);
    });
    return diag;
  }
  if (coreGrid.empty())
    return std::array<int64_t, 2>{target->grid[0], target->grid[1]};
  if (coreGrid.size() != 2 || coreGrid[0] < 1 || coreGrid[1] < 1 ||
      coreGrid[0] > target->maxGrid[0] || coreGrid[1] > target->maxGrid[1]) {
    InFlightDiagnostic diag = emitCoded(loc, Code::CoreGrid);
    diag << "a core grid of ";
    llvm::interleave(coreGrid, diag, [&](int64_t n) { diag << n; }, "x");
    diag << " does not exist on " << chip << ", whose largest grid is "
         << target->maxGrid[0] << "x" << target->maxGrid[1];
    return diag;
  }
  return std::array<int64_t, 2>{coreGrid[0], coreGrid[1]};
}

LogicalResult
PartitionWorkPass::partitionFunc(tile::FuncOp func,
                                 std::array<int64_t, 2> coreGrid) {
  SmallVector<tile::LaunchOp> launches(
      func.getBody().front().getOps<tile::LaunchOp>());
  if (launches.empty())
    return emitCoded(func, Code::NoLaunch)
           << "program " << func.getSymName() << " launches nothing";
  if (launches.size() > 1) {
    InFlightDiagnostic diag = emitCoded(launches[1], Code::SeveralLaunches);
    diag << "a second launch in one program is not supported yet";
    diag.attachNote(launches[0].getLoc()) << "the first launch is here";
    return diag;
  }
  return partition(launches[0], coreGrid);
}

LogicalResult PartitionWorkPass::partition(tile::LaunchOp launch,
                                           std::array<int64_t, 2> coreGrid) {
  SmallVector<int64_t> grid;
  int64_t items = 1;
  for (Value extent : launch.getExtents()) {
    APInt constant;
    if (!matchPattern(extent, m_ConstantInt(&constant)))
      return emitCoded(launch, Code::DynamicGrid)
             << "the extents of the launch grid are not constant; dynamic grids "
                "are not supported yet";
    grid.push_back(constant.getSExtValue());
    items *= grid.back();
  }
  if (items < 1)
    return emitCoded(launch, Code::EmptyShape)
           << "the launch grid has " << items << " blocks";

  int64_t cores = coreGrid[0] * coreGrid[1];
  int64_t used = std::min(cores, items);
  SmallVector<int64_t> starts(cores, 0), counts(cores, 0);
  int64_t next = 0;
  for (int64_t core = 0; core < used; ++core) {
    starts[core] = next;
    counts[core] = items / used + (core < items % used ? 1 : 0);
    next += counts[core];
  }
  auto work = tt::WorkAttr::get(&getContext(), tt::PartitionMode::Global, grid,
                                coreGrid, starts, counts);
  OpBuilder builder(launch);
  auto assigned = tt::LaunchOp::create(builder, launch.getLoc(), work,
                                       launch.getNames());
  assigned.getBody().takeBody(launch.getBody());
  launch.erase();
  return success();
}

} // namespace
