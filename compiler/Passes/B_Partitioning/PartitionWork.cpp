//===- PartitionWork.cpp - Pass B1: launch blocks to cores ----------------===//
//
// Work items are the blocks of the launch grid in row-major order, x fastest,
// or in the order that the user chose. They are dealt to the cores in
// contiguous runs whose lengths differ by one at most; the longer runs come
// first. Cores without work have a count of 0. Some things change who does
// what:
//
//   * A partition of the user's own is taken as it is, once it is known to give
//     every block to one core.
//   * When a tensor is sharded over L1, each core does the blocks of its shards
//     (ShardOwners), in the order that the shard or the schedule asks for.
//     Where every core has one shard of h x w blocks, the order is
//     `match_shard`, whose block ids are arithmetic; otherwise the blocks are
//     listed.
//   * Where sizes that only a call knows decide the extents, the host deals the
//     blocks out by the same rule; here it is said how the extents follow.
//   * Blocks that update the same elements of a tensor are done by one core, in
//     row-major order (UpdateGroups).
//
//===----------------------------------------------------------------------===//

#include "compiler/Analysis/SizeExprs.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/B_Partitioning/BlockRaces.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/B_Partitioning/Passes.h"
#include "compiler/Passes/B_Partitioning/Schedule.h"
#include "compiler/Passes/B_Partitioning/ShardOwners.h"
#include "compiler/Passes/B_Partitioning/UpdateGroups.h"
#include "compiler/Support/Codes/StageA.h"
#include "compiler/Support/Codes/StageB.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "tilewright/arch/Chip.h"
#include "llvm/Support/MathExtras.h"

namespace tilewright {
#define GEN_PASS_DEF_PARTITIONWORK
#include "compiler/Passes/B_Partitioning/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

namespace {

struct PartitionWorkPass
    : tilewright::impl::PartitionWorkBase<PartitionWorkPass> {
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
  LogicalResult partitionDynamic(tile::LaunchOp launch,
                                 std::array<int64_t, 2> coreGrid);
  FailureOr<tt::WorkAttr>
  assignWork(tile::LaunchOp launch, ArrayRef<int64_t> grid, Schedule &schedule);
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

/// Blocks of a launch, each of which may be written down while the work is
/// given out: several times the tiles that the DRAM of a chip holds.
static constexpr uint64_t kMaxBlocks = uint64_t(1) << 25;

/// Lengths of runs that differ by one at most, the longer ones first.
static std::vector<int64_t> balance(int64_t items, int64_t cores) {
  int64_t used = std::min(cores, items);
  std::vector<int64_t> counts(cores, 0);
  for (int64_t core = 0; core < used; ++core)
    counts[core] = items / used + (core < items % used ? 1 : 0);
  return counts;
}

/// `lists[i]` are the blocks of `schedule.cores[i]`, one after the other.
/// `order` is what the concatenation is, null to list it.
static tt::WorkAttr makeWork(MLIRContext *context, ArrayRef<int64_t> launch,
                             const Schedule &schedule,
                             const std::vector<std::vector<int64_t>> &lists,
                             tt::OrderAttr order, tt::ShardAttr shard) {
  auto [columns, rows] = schedule.grid;
  SmallVector<int64_t> starts(columns * rows, 0), counts(columns * rows, 0);
  std::vector<int64_t> blocks;
  for (auto [core, list] : llvm::zip(schedule.cores, lists)) {
    int64_t index = core[1] * columns + core[0];
    starts[index] = list.empty() ? 0 : blocks.size();
    counts[index] = list.size();
    blocks.insert(blocks.end(), list.begin(), list.end());
  }
  bool isRowMajor = true, isAsSaid = bool(order);
  for (auto [item, block] : llvm::enumerate(blocks)) {
    isRowMajor &= block == int64_t(item);
    isAsSaid = isAsSaid && order.getBlock(item, launch) == block;
  }
  if (isRowMajor)
    order = {};
  else if (!isAsSaid)
    order = tt::OrderAttr::get(context, tt::OrderKind::Listed, {}, blocks);
  return tt::WorkAttr::get(
      context,
      shard ? tt::PartitionMode::LocalShard : tt::PartitionMode::Global, launch,
      {columns, rows}, starts, counts, order, shard);
}

/// Equal runs of blocks in row-major order, which need not be written down.
static tt::WorkAttr makeRowMajorWork(MLIRContext *context,
                                     ArrayRef<int64_t> launch,
                                     const Schedule &schedule) {
  auto [columns, rows] = schedule.grid;
  int64_t items = 1;
  for (int64_t extent : launch)
    items *= extent;
  SmallVector<int64_t> starts(columns * rows, 0), counts(columns * rows, 0);
  int64_t next = 0;
  for (auto [core, count] :
       llvm::zip(schedule.cores, balance(items, schedule.cores.size()))) {
    int64_t index = core[1] * columns + core[0];
    starts[index] = count == 0 ? 0 : next;
    counts[index] = count;
    next += count;
  }
  return tt::WorkAttr::get(context, tt::PartitionMode::Global, launch,
                           {columns, rows}, starts, counts, tt::OrderAttr(),
                           tt::ShardAttr());
}

/// The h x w blocks of a shard, when shards are equal rectangles of blocks in
/// the plane of the launch, numbered row-major; null otherwise.
static tt::OrderAttr matchShards(MLIRContext *context, ArrayRef<int64_t> launch,
                                 const ShardOwners &owners) {
  if (launch.size() != 2)
    return {};
  int64_t columns = launch[0], rows = launch[1];
  int64_t width = 1, height = 1;
  while (width < columns && owners.owner[width] == owners.owner[0])
    ++width;
  while (height < rows && owners.owner[height * columns] == owners.owner[0])
    ++height;
  if (columns % width != 0 || rows % height != 0)
    return {};
  int64_t across = columns / width;
  for (int64_t y = 0; y < rows; ++y)
    for (int64_t x = 0; x < columns; ++x)
      if (owners.owner[y * columns + x] != y / height * across + x / width)
        return {};
  return tt::OrderAttr::get(context, tt::OrderKind::MatchShard, {height, width},
                            {});
}

/// `order` dealt out to `cores` cores like cards; null where it is a list.
static tt::OrderAttr withStride(MLIRContext *context, tt::OrderAttr order,
                                int64_t cores) {
  if (!order)
    return tt::OrderAttr::get(context, tt::OrderKind::RowMajor, {}, {}, cores);
  if (order.getKind() == tt::OrderKind::Listed)
    return {};
  return tt::OrderAttr::get(context, order.getKind(), order.getSizes(), {},
                            cores);
}

/// Whole groups to the cores, as many of them to each as there are. One core
/// does everything when the lists would take much of the L1.
static tt::WorkAttr assignGroups(tile::LaunchOp launch, ArrayRef<int64_t> grid,
                                 const Schedule &schedule,
                                 const arch::Chip &chip) {
  std::vector<std::vector<int64_t>> groups = findUpdateGroups(launch, grid);
  std::vector<std::vector<int64_t>> lists(schedule.cores.size());
  std::vector<int64_t> counts = balance(groups.size(), lists.size());
  size_t next = 0;
  for (auto [list, count] : llvm::zip(lists, counts)) {
    for (int64_t i = 0; i < count; ++i, ++next)
      list.insert(list.end(), groups[next].begin(), groups[next].end());
  }
  MLIRContext *context = launch.getContext();
  tt::WorkAttr work = makeWork(context, grid, schedule, lists, {}, {});
  if (tt::getBlockTableBytes(work, chip.runtimeArgWords) <= chip.l1Free() / 4)
    return work;
  for (auto &list : lists)
    list.clear();
  lists[0] = orderBlocks("row_major", grid);
  return makeWork(context, grid, schedule, lists, {}, {});
}

FailureOr<tt::WorkAttr> PartitionWorkPass::assignWork(tile::LaunchOp launch,
                                                      ArrayRef<int64_t> grid,
                                                      Schedule &schedule) {
  MLIRContext *context = &getContext();
  if (schedule.partition)
    return makeWork(context, grid, schedule, *schedule.partition, {}, {});

  if (launch.getOrdered()) {
    for (BlockArgument tensor : launch->getBlock()->getArguments())
      if (auto type = dyn_cast<MemRefType>(tensor.getType());
          type && !type.hasStaticShape()) {
        auto diag = emitCoded(launch, Code::DynamicGrid);
        diag << "blocks update the same elements: which ones depends on the "
                "shape of a tensor, which is only known at the call";
        diag.attachNote(tensor.getLoc()) << "the tensor";
        diag.attachNote() << "fix: compile for a fixed size";
        return diag;
      }
    return assignGroups(launch, grid, schedule, *arch::findChip(chip));
  }

  FailureOr<ShardOwners> owners = findShardOwners(launch, grid);
  if (failed(owners))
    return failure();
  std::vector<std::vector<int64_t>> lists(schedule.cores.size());
  if (owners->shard) {
    // Core c of the projected grid holds shards c, c + cores, ...
    std::string order = schedule.order;
    if (order == "row_major")
      order = owners->shard.getOrder().str();
    int64_t across = owners->shard.getCores()[1];
    std::vector<size_t> byShardCore;
    for (int64_t c = 0; c < owners->shard.getNumCores(); ++c) {
      Core core = {c % across, c / across};
      auto found = llvm::find(schedule.cores, core);
      if (found == schedule.cores.end()) {
        auto diag = emitCoded(schedule.where, Code::ShardOutsideCores);
        diag << "core (" << core[0] << ", " << core[1]
             << ") holds a shard, but the launch does not run on it";
        // Behind the declaration stands the annotation, where there is one.
        Location where = owners->tensor.getLoc();
        owners->tensor.getLoc()->walk([&](Location inner) {
          if (isa<FileLineColLoc>(inner))
            where = inner;
          return WalkResult::advance();
        });
        diag.attachNote(where)
            << getBufferName(owners->tensor) << " is cut into shards here";
        diag.attachNote() << "fix: let core_grid and core_ranges hold the "
                             "projected grid of the shards";
        return diag;
      }
      byShardCore.push_back(found - schedule.cores.begin());
    }
    // Shard after shard on a core, so that one of them is as match_shard says.
    std::vector<std::vector<int64_t>> byShard(owners->shard.getNumShards());
    for (int64_t block : orderBlocks(order, grid))
      byShard[owners->owner[block]].push_back(block);
    for (auto [shard, blocks] : llvm::enumerate(byShard)) {
      auto &list = lists[byShardCore[shard % byShardCore.size()]];
      list.insert(list.end(), blocks.begin(), blocks.end());
    }
    return makeWork(context, grid, schedule, lists,
                    matchShards(context, grid, *owners), owners->shard);
  }

  if (schedule.order == "row_major" && !schedule.isStrided)
    return makeRowMajorWork(context, grid, schedule);
  std::vector<int64_t> blocks = orderBlocks(schedule.order, grid);
  std::vector<int64_t> counts = balance(blocks.size(), schedule.cores.size());
  int64_t used = llvm::count_if(counts, [](int64_t n) { return n > 0; });
  int64_t next = 0;
  for (auto [core, count] : llvm::enumerate(counts))
    for (int64_t i = 0; i < count; ++i)
      lists[core].push_back(
          blocks[schedule.isStrided ? int64_t(core) + i * used : next++]);
  tt::OrderAttr order = getOrderAttr(context, schedule.order, grid);
  if (schedule.isStrided)
    order = withStride(context, order, used);
  return makeWork(context, grid, schedule, lists, order, {});
}

/// Puts the launch with its work in the place of `launch`.
static void replace(tile::LaunchOp launch, tt::WorkAttr work,
                    ValueRange extents) {
  OpBuilder builder(launch);
  auto partitioned =
      tt::LaunchOp::create(builder, launch.getLoc(), work, extents,
                           launch.getNames(), launch.getOrdered());
  partitioned.getBody().takeBody(launch.getBody());
  launch.erase();
}

/// Extents that sizes decide: the host cuts the work, balanced and in row-major
/// order, when it knows them.
LogicalResult
PartitionWorkPass::partitionDynamic(tile::LaunchOp launch,
                                    std::array<int64_t, 2> coreGrid) {
  auto reject = [&](Location where, const Twine &why) {
    InFlightDiagnostic diag = emitCoded(where, Code::DynamicGrid);
    diag << "the extents of the launch grid are only known at the call, and "
         << why;
    diag.attachNote() << "fix: compile for a fixed size";
    return diag;
  };
  if (launch.getOrdered())
    return reject(launch.getLoc(), "blocks update the same elements: which "
                                   "ones decides what a core does");
  // A core grid is all that the host can follow; defaults say nothing new.
  WalkResult schedules = launch.walk([&](tile::AnnotateScheduleOp schedule) {
    for (NamedAttribute field : schedule.getFields()) {
      StringRef name = field.getName().getValue();
      auto text = dyn_cast<StringAttr>(field.getValue());
      bool isDefault = text && (text == "row_major" || text == "contiguous");
      if (name != "core_grid" && !isDefault)
        return WalkResult(reject(schedule.getLoc(),
                                 name + " of an annotation says what each core "
                                        "does with them"));
    }
    return WalkResult::advance();
  });
  if (schedules.wasInterrupted())
    return failure();
  FailureOr<Schedule> schedule =
      readSchedule(launch, /*extents=*/{1}, *arch::findChip(chip), coreGrid);
  if (failed(schedule))
    return failure();
  coreGrid = schedule->grid;
  for (BlockArgument tensor : launch->getBlock()->getArguments())
    if (auto type = dyn_cast<MemRefType>(tensor.getType()))
      if (auto layout = dyn_cast_or_null<tt::LayoutAttr>(type.getMemorySpace());
          layout && layout.getShard())
        return reject(tensor.getLoc(), "a tensor is cut into shards");

  SizeExprs sizes(&getContext());
  SmallVector<AffineExpr> exprs;
  SmallVector<int64_t> grid;
  for (Value extent : launch.getExtents()) {
    std::optional<AffineExpr> expr = sizes.read(extent);
    if (!expr)
      return reject(launch.getLoc(), "they are more than sums, products and "
                                     "quotients of sizes");
    auto constant = dyn_cast<AffineConstantExpr>(*expr);
    if (constant && constant.getValue() < 1)
      return emitCoded(launch, Code::EmptyShape)
             << "the launch grid has an extent of " << constant.getValue();
    grid.push_back(constant ? constant.getValue() : ShapedType::kDynamic);
    exprs.push_back(*expr);
  }
  auto extents =
      AffineMap::get(0, sizes.getNames().size(), exprs, &getContext());
  auto work = tt::WorkAttr::get(
      &getContext(), tt::PartitionMode::Global, grid,
      {coreGrid[0], coreGrid[1]}, /*starts=*/{}, /*counts=*/{}, tt::OrderAttr(),
      tt::ShardAttr(), AffineMapAttr::get(extents),
      Builder(&getContext()).getStrArrayAttr(sizes.getNames()));
  replace(launch, work, launch.getExtents());
  return success();
}

LogicalResult PartitionWorkPass::partition(tile::LaunchOp launch,
                                           std::array<int64_t, 2> coreGrid) {
  SmallVector<int64_t> grid;
  uint64_t items = 1;
  for (Value extent : launch.getExtents()) {
    APInt constant;
    if (!matchPattern(extent, m_ConstantInt(&constant)))
      return partitionDynamic(launch, coreGrid);
    grid.push_back(constant.getSExtValue());
    if (grid.back() < 1)
      return emitCoded(launch, Code::EmptyShape)
             << "the launch grid has an extent of " << grid.back();
    items = llvm::SaturatingMultiply<uint64_t>(items, grid.back());
  }
  if (items > kMaxBlocks) {
    InFlightDiagnostic diag = emitCoded(launch, Code::LaunchSize);
    diag << "the launch grid of ";
    llvm::interleave(grid, diag, [&](int64_t n) { diag << n; }, " x ");
    diag << " has more than " << kMaxBlocks << " blocks";
    diag.attachNote() << "fix: let each block do more, or use several launches";
    return diag;
  }
  if (failed(checkBlockRaces(launch, grid)))
    return failure();

  const arch::Chip &target = *arch::findChip(chip);
  FailureOr<Schedule> schedule = readSchedule(launch, grid, target, coreGrid);
  if (failed(schedule))
    return failure();
  FailureOr<tt::WorkAttr> assigned = assignWork(launch, grid, *schedule);
  if (failed(assigned))
    return failure();
  replace(launch, *assigned, {});
  return success();
}

} // namespace
