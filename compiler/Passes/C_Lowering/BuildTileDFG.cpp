//===- BuildTileDFG.cpp - Pass C3: DST sections and circular buffers ------===//
//
// Terms: a section is a group of tile operations whose intermediate values stay
// in DST; its results are packed into circular buffers.
//
// 1. A block that is written to a tensor as it was read, or as a loop left it,
//    is copied, so that the compute kernel produces everything the writer
//    takes. An fp32 block that is read for the matrix unit and for exact
//    operations is read twice: a circular buffer is unpacked in one way only.
// 2. Loops (BuildTileDFGLoops.cpp): accumulators of matmul loops that do not
//    fit DST accumulate in L1 through the packer; other carried blocks go round
//    through a circular buffer of two blocks.
// 3. Fusion (BuildTileDFGFuse.cpp): what is left is grouped into sections.
// 4. The L1 map: circular buffers against the free bytes of the chip.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/C_Lowering/BuildTileDFG.h"
#include "compiler/Passes/C_Lowering/CBPlaces.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/C_Lowering/ShareBuffers.h"

#include "compiler/Passes/C_Lowering/Passes.h"
#include "compiler/Support/Codes/StageB.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/IR/Builders.h"
#include "llvm/Support/FormatVariadic.h"

namespace tilewright {
#define GEN_PASS_DEF_BUILDTILEDFG
#include "compiler/Passes/C_Lowering/Passes.h.inc"
} // namespace tilewright

using namespace mlir;

namespace tilewright {

DataflowBuilder::DataflowBuilder(tt::CoreProgramOp program,
                                 const arch::Chip &chip, int64_t dstTiles,
                                 int64_t reservedL1)
    : program(program), chip(chip), dstTiles(dstTiles), reservedL1(reservedL1) {
  program.walk([&](tt::AllocCBOp alloc) { uniqueName(alloc.getName()); });
}

std::string DataflowBuilder::uniqueName(StringRef wanted) {
  unsigned &uses = names[wanted];
  if (++uses == 1)
    return wanted.str();
  return uniqueName((wanted + "_" + Twine(uses)).str());
}

tt::SpillAttr makeSpill(tt::SpillReason reason, Operation *reader) {
  SourcePosition position = getSourcePosition(reader->getLoc());
  std::string place;
  if (position.line)
    place = (position.file + ":" + Twine(position.line)).str();
  return tt::SpillAttr::get(reader->getContext(), reason, place);
}

Value DataflowBuilder::createCB(Location loc, tt::BlockType type, int64_t depth,
                                ArrayRef<tt::SpillAttr> spills) {
  tt::DataFormat format = *tt::getDataFormat(type.getElement());
  auto geometry =
      tt::CBAttr::get(type.getContext(), format, tt::getTileBytes(format),
                      type.getNumTiles(), depth);
  StringRef source = getSourceName(loc);
  OpBuilder builder(type.getContext());
  Block &body = program.getBody().front();
  // After the buffers that are there already.
  auto last = body.begin();
  while (last != body.end() && isa<tt::AllocCBOp>(*last))
    ++last;
  builder.setInsertionPoint(&body, last);
  SmallVector<Attribute> reasons(spills.begin(), spills.end());
  return tt::AllocCBOp::create(
      builder, loc, tt::CircularBufferType::get(type.getContext(), geometry),
      uniqueName(source.empty() ? "block" : source),
      ArrayAttr::get(type.getContext(), reasons));
}

bool isTileOp(Operation *op) {
  return isa<tt::MmaOp, tt::FpuOp, tt::SfpuBinaryOp, tt::SfpuScalarOp,
             tt::SfpuIntScalarOp, tt::SfpuUnaryOp, tt::SfpuReduceOp,
             tt::WhereOp, tt::FoldOp, tt::BcastOp, tt::CastOp, tt::TransposeOp,
             tt::CumsumOp>(op);
}

bool isRoundedToTf32(OpOperand &use) {
  if (auto mma = dyn_cast<tt::MmaOp>(use.getOwner()))
    return &use != &mma.getAccMutable();
  auto transpose = dyn_cast<tt::TransposeOp>(use.getOwner());
  return isa<tt::FpuOp>(use.getOwner()) || (transpose && !transpose.isInDst());
}

tt::SubblockAttr chooseSubblock(MLIRContext *context, int64_t rows,
                                int64_t cols, int64_t slots, int64_t dstTiles,
                                bool matmul) {
  int64_t limit = std::max<int64_t>(1, dstTiles / slots);
  int64_t bestRows = 1, bestCols = 1;
  auto loads = [](int64_t h, int64_t w) {
    return double(h + w) / double(h * w);
  };
  for (int64_t w = 1; w <= cols; ++w) {
    for (int64_t h = 1; h <= rows; ++h) {
      if (rows % h || cols % w || h * w > limit)
        continue;
      bool wholeRows = h == 1 || w == cols;
      bool better = matmul ? loads(h, w) <= loads(bestRows, bestCols)
                           : wholeRows && h * w >= bestRows * bestCols;
      if (better) {
        bestRows = h;
        bestCols = w;
      }
    }
  }
  return tt::SubblockAttr::get(context, bestRows, bestCols,
                               matmul ? tt::SubblockRule::Operands
                                      : tt::SubblockRule::Rows);
}

//===----------------------------------------------------------------------===//
// The L1 map
//===----------------------------------------------------------------------===//

/// Bytes of a core's L1 beside the tensors that lie in it, also those of other
/// launches, and the table of its blocks.
int64_t DataflowBuilder::getFreeL1() const {
  tt::CoreProgramOp program = this->program;
  ArrayRef<int64_t> grid = program.getWork().getCoreGrid();
  int64_t free =
      chip.l1Free() - reservedL1 -
      tt::getBlockTableBytes(program.getWork(), chip.runtimeArgWords);
  auto func = program->getParentOfType<tile::FuncOp>();
  for (BlockArgument arg : func.getBody().getArguments())
    if (auto type = dyn_cast<MemRefType>(arg.getType()))
      free -= tt::getL1BytesPerCore(type, grid[0] * grid[1]);
  return free;
}

/// Whether blocks of `cb` stay for longer than one step of a loop: those are
/// double buffered without having been asked for.
static bool isDepthOurs(tt::AllocCBOp alloc, tt::CoreProgramOp program) {
  return llvm::all_of(alloc.getCb().getUsers(), [&](Operation *user) {
    if (!isa<tt::ReadToCBOp, tt::GatherToCBOp, tt::MoveElementsOp>(user))
      return true;
    // Read directly in the loop over work items, not in one of the program's
    // loops.
    auto loop = user->getParentOfType<scf::ForOp>();
    return !loop || loop->getParentOp() == program;
  });
}

static void setDepth(tt::AllocCBOp alloc, int64_t depth) {
  tt::CBAttr old = alloc.getCb().getType().getGeometry();
  alloc.getCb().setType(tt::CircularBufferType::get(
      alloc.getContext(),
      tt::CBAttr::get(alloc.getContext(), old.getFormat(), old.getPageBytes(),
                      old.getBlockPages(), depth)));
}

LogicalResult DataflowBuilder::reportOverflow(int64_t total) {
  InFlightDiagnostic diag = emitCoded(program, Code::L1Overflow);
  diag << "the circular buffers need " << total << " bytes of L1, a core of "
       << StringRef(chip.name) << " has " << getFreeL1() << " free";
  tt::AllocCBOp largestLoop;
  int64_t saving = 0;
  program.walk([&](tt::AllocCBOp alloc) {
    tt::CBAttr cb = alloc.getCb().getType().getGeometry();
    SourcePosition position = getSourcePosition(alloc.getLoc());
    std::string row =
        llvm::formatv("{0,-20} {1,4} tiles x {2,2} blocks {3,9} bytes",
                      "cb_" + alloc.getName().str(), cb.getBlockPages(),
                      cb.getDepth(), cb.getTotalBytes());
    if (position.line)
      row += llvm::formatv("  line {0}", position.line);
    diag.attachNote() << row;
    if (cb.getDepth() > 1 && !isDepthOurs(alloc, program)) {
      saving += cb.getTotalBytes() - cb.getTotalBytes() / cb.getDepth();
      largestLoop = alloc;
    }
  });
  if (int64_t table =
          tt::getBlockTableBytes(program.getWork(), chip.runtimeArgWords))
    diag.attachNote() << llvm::formatv(
        "{0,-20} {1,18} blocks {2,9} bytes, not counted above",
        "list of blocks", table / 4, table);
  if (reservedL1)
    diag.attachNote() << llvm::formatv(
        "{0,-20} {1,25} {2,9} bytes, not counted above", "tensors in L1",
        "of other launches", reservedL1);
  int64_t excess = total - getFreeL1();
  if (largestLoop && saving >= excess) {
    // The fewest stages to give up.
    int64_t depth = largestLoop.getCb().getType().getGeometry().getDepth();
    int64_t perStage = saving / (depth - 1);
    int64_t fits =
        depth - llvm::divideCeil(excess, std::max<int64_t>(1, perStage));
    diag.attachNote() << "fix: use num_stages=" << std::max<int64_t>(1, fits);
  } else {
    double factor = double(total) / double(std::max<int64_t>(1, getFreeL1()));
    diag.attachNote() << "fix: make the blocks smaller, to 1/"
                      << int64_t(std::ceil(factor)) << " of their size or less";
  }
  return diag;
}

LogicalResult DataflowBuilder::mapMemory() {
  for (auto alloc : llvm::make_early_inc_range(
           program.getBody().front().getOps<tt::AllocCBOp>()))
    if (alloc.getCb().use_empty())
      alloc.erase();
  shareBuffers(program, [&] {
    auto left = program.getBody().front().getOps<tt::AllocCBOp>();
    return llvm::range_size(left) <= chip.circularBuffers;
  });
  SmallVector<tt::AllocCBOp> allocs(
      program.getBody().front().getOps<tt::AllocCBOp>());
  if (allocs.size() > chip.circularBuffers) {
    InFlightDiagnostic diag = emitCoded(program, Code::TooManyCBs);
    diag << "the program needs " << allocs.size()
         << " circular buffers, a core of " << StringRef(chip.name) << " has "
         << chip.circularBuffers;
    for (tt::AllocCBOp alloc : allocs)
      diag.attachNote(alloc.getLoc()) << "cb_" << alloc.getName();
    diag.attachNote() << "fix: reuse buffers, or split the program in two";
    return diag;
  }
  auto total = [&] {
    int64_t bytes = 0;
    for (tt::AllocCBOp alloc : allocs)
      bytes += alloc.getCb().getType().getGeometry().getTotalBytes();
    return bytes;
  };
  for (tt::AllocCBOp alloc : allocs) {
    if (total() <= getFreeL1())
      break;
    bool carried = llvm::any_of(
        carriedCBs, [&](auto &entry) { return entry.second == alloc.getCb(); });
    if (!carried && isDepthOurs(alloc, program) &&
        alloc.getCb().getType().getGeometry().getDepth() > 1)
      setDepth(alloc, 1);
  }
  if (total() > getFreeL1()) {
    shareBuffers(program, [&] {
      allocs.assign(program.getBody().front().getOps<tt::AllocCBOp>().begin(),
                    program.getBody().front().getOps<tt::AllocCBOp>().end());
      return total() <= getFreeL1();
    });
    allocs = llvm::to_vector(program.getBody().front().getOps<tt::AllocCBOp>());
  }
  if (total() > getFreeL1())
    return reportOverflow(total());
  return success();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {

struct BuildTileDFGPass : tilewright::impl::BuildTileDFGBase<BuildTileDFGPass> {
  using BuildTileDFGBase::BuildTileDFGBase;

  void runOnOperation() override {
    const arch::Chip *target = arch::findChip(chip);
    if (!target) {
      emitCoded(getOperation(), Code::UnknownChip)
          << "no chip is named '" << chip << "'";
      return signalPassFailure();
    }
    if (failed(checkPlaces(getOperation())))
      return signalPassFailure();
    SmallVector<tt::CoreProgramOp> programs;
    getOperation().walk(
        [&](tt::CoreProgramOp program) { programs.push_back(program); });
    for (tt::CoreProgramOp program : programs) {
      if (failed(checkTransfers(program)))
        return signalPassFailure();
      separatePrecisions(program);
      packFills(program);
      copyUnchangedOutputs(program);
      // DST is 32 bits wide always: see tt-split-device-kernel.
      DataflowBuilder builder(program, *target,
                              arch::dstTiles(/*fp32=*/true, dstFullSync),
                              reservedL1);
      if (failed(builder.lowerLoops()) || failed(builder.fuse()) ||
          failed(builder.mapMemory()))
        return signalPassFailure();
    }
  }

private:
  static LogicalResult checkTransfers(tt::CoreProgramOp program) {
    WalkResult writes = program.walk([](Operation *op) {
      return isa<tt::WriteFromCBOp, tt::ScatterFromCBOp>(op)
                 ? WalkResult::interrupt()
                 : WalkResult::advance();
    });
    if (writes.wasInterrupted())
      return success();
    InFlightDiagnostic diag = emitCoded(program, Code::NothingWritten);
    diag << "the kernel writes no tensor";
    diag.attachNote() << "fix: copy a result to a tensor";
    return diag;
  }

  /// Puts a copy behind each fill that only the unpacker can deliver to where
  /// it is used: a section packs it.
  static void packFills(tt::CoreProgramOp program) {
    SmallVector<OpOperand *> uses;
    program.walk([&](Operation *op) {
      if (isa<tt::FoldOp, tt::BcastOp, tt::TransposeOp>(op) &&
          op->getOperand(0).getDefiningOp<tt::FillOp>())
        uses.push_back(&op->getOpOperand(0));
    });
    for (OpOperand *use : uses) {
      OpBuilder builder(use->getOwner());
      use->set(tt::CastOp::create(builder, use->getOwner()->getLoc(),
                                  use->get().getType(), use->get()));
    }
  }

  /// Gives the matrix unit its own read of each fp32 block that other
  /// operations use too.
  static void separatePrecisions(tt::CoreProgramOp program) {
    SmallVector<Operation *> reads;
    program.walk([&](Operation *op) {
      if (isa<tt::ReadToCBOp, tt::GatherToCBOp>(op))
        reads.push_back(op);
    });
    for (Operation *read : reads) {
      auto alloc = read->getOperand(0).getDefiningOp<tt::AllocCBOp>();
      Value block = read->getResult(0);
      unsigned rounded = llvm::count_if(block.getUses(), isRoundedToTf32);
      unsigned all = llvm::range_size(block.getUses());
      if (!alloc || rounded == 0 || rounded == all ||
          !cast<tt::BlockType>(block.getType()).getElement().isF32())
        continue;
      OpBuilder builder(alloc->getContext());
      builder.setInsertionPointAfter(alloc);
      auto cb = cast<tt::AllocCBOp>(builder.clone(*alloc));
      cb.setName((alloc.getName() + "_tf32").str());
      builder.setInsertionPointAfter(read);
      Operation *second = builder.clone(*read);
      second->setOperand(0, cb);
      block.replaceUsesWithIf(second->getResult(0), isRoundedToTf32);
    }
  }

  /// Puts a copy in front of each write, print or move of a block that no tile
  /// operation of the same region makes.
  static void copyUnchangedOutputs(tt::CoreProgramOp program) {
    auto visit = [](OpOperand &block) {
      Operation *op = block.getOwner();
      Operation *def = block.get().getDefiningOp();
      if (def && isTileOp(def) && def->getBlock() == op->getBlock())
        return;
      OpBuilder builder(op);
      block.set(tt::CastOp::create(builder, op->getLoc(), block.get().getType(),
                                   block.get()));
    };
    program.walk([&](Operation *op) {
      for (OpOperand &operand : op->getOpOperands())
        if (tt::getOutgoingBuffer(operand))
          visit(operand);
    });
  }
};

} // namespace
} // namespace tilewright
