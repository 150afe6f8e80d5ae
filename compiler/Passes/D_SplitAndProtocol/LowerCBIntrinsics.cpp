//===- LowerCBIntrinsics.cpp - Pass D3: circular buffer and NoC protocol --===//
//
// Reader, for each read, in the plainest form: reserve the block, start one
// page read a tile, wait for all of them, push the block. Then the barriers of
// reads that follow each other are joined (ElideBarriers below): reserve and
// start all, wait once, push all. This is safe for a circular buffer (CB) that
// the kernel reads into at one place only: then no push that is put off could
// be what frees the CB that the reader waits for.
//
// Writer, for each block received: wait for it, start one page write a tile of
// every write of it, wait for the acknowledgements, pop it. A read of the
// writer comes after the acknowledgements of all writes before it.
//
// Compute: a receive waits for its block, which is popped after its last use in
// the region of the receive. A section reserves its results before it and
// pushes them after it. Where the packer accumulates, the reserve stands before
// the first operation of the chain
//
//   fill or section -> loops that carry the block -> accumulating sections
//
// and the push after the last, so that the block is written in one reservation.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Passes/D_SplitAndProtocol/Cleanup.h"
#include "compiler/Passes/D_SplitAndProtocol/ComputeKernel.h"
#include "compiler/Passes/D_SplitAndProtocol/LowerInspections.h"
#include "compiler/Passes/D_SplitAndProtocol/MovedElements.h"
#include "compiler/Passes/D_SplitAndProtocol/Passes.h"
#include "compiler/Passes/D_SplitAndProtocol/Ramp.h"
#include "compiler/Passes/D_SplitAndProtocol/ScalarReads.h"
#include "compiler/Passes/D_SplitAndProtocol/TileElements.h"
#include "compiler/Passes/D_SplitAndProtocol/TileTransfer.h"
#include "compiler/Support/Diagnostics.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

namespace tilewright {
#define GEN_PASS_DEF_LOWERCBINTRINSICS
#include "compiler/Passes/D_SplitAndProtocol/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;
using metalium::KernelRole;

/// Makes `metalium.cb_ref` of every `tt.cb_ref`.
static void lowerBufferRefs(metalium::KernelOp kernel) {
  for (auto ref :
       llvm::make_early_inc_range(kernel.getBody().getOps<tt::CBRefOp>())) {
    OpBuilder builder(ref);
    auto lowered = metalium::CBRefOp::create(
        builder, ref.getLoc(), metalium::CBType::get(builder.getContext()),
        ref.getSymbolAttr());
    ref.getCb().replaceAllUsesWith(lowered.getCb());
    ref.erase();
  }
}

static Value pages(OpBuilder &builder, Location loc, Value block) {
  return arith::ConstantIndexOp::create(
      builder, loc, cast<tt::BlockType>(block.getType()).getNumTiles());
}

/// `<buffer>_l1`, the name of an address in the CB.
static Location addressName(Location loc, Value cb) {
  StringRef buffer = getSourceName(cb.getLoc());
  if (auto ref = cb.getDefiningOp<metalium::CBRefOp>())
    if (auto declaration = ref.getCircularBuffer())
      buffer = declaration.getBuffer().value_or(buffer);
  return NameLoc::get(StringAttr::get(loc.getContext(), buffer + "_l1"), loc);
}

static BlockRegion regionOf(tt::ReadToCBOp read) {
  tt::BlockType block = read.getBlock().getType();
  return {read.getTensor(), read.getOuter(), read.getRow(),       read.getCol(),
          block.getRows(),  block.getCols(), read.getTransposed()};
}

static BlockRegion regionOf(tt::WriteFromCBOp write) {
  tt::BlockType block = write.getBlock().getType();
  return {write.getTensor(), write.getOuter(), write.getRow(),
          write.getCol(),    block.getRows(),  block.getCols()};
}

/// Runs `body` with the address of the scratch memory behind `cb`. The kernel
/// takes its pages and gives them back: it is alone at both ends.
static LogicalResult
withScratch(OpBuilder &builder, Location loc, Value cb, int64_t pages,
            llvm::function_ref<LogicalResult(Value)> body) {
  Value count = arith::ConstantIndexOp::create(builder, loc, pages);
  metalium::CBReserveBackOp::create(builder, loc, cb, count);
  Value l1 = metalium::GetWritePtrOp::create(builder, addressName(loc, cb),
                                             builder.getIndexType(), cb);
  if (failed(body(l1)))
    return failure();
  metalium::CBPushBackOp::create(builder, loc, cb, count);
  metalium::CBWaitFrontOp::create(builder, loc, cb, count);
  metalium::CBPopFrontOp::create(builder, loc, cb, count);
  return success();
}

static ElementExtents extentsOf(ArrayRef<int64_t> elements) {
  return {elements[0], elements[1]};
}

//===----------------------------------------------------------------------===//
// Reader
//===----------------------------------------------------------------------===//

static LogicalResult lowerRead(tt::ReadToCBOp read) {
  OpBuilder builder(read);
  Location loc = read.getLoc();
  Value cb = read.getCb();
  Value count = pages(builder, loc, read.getBlock());
  metalium::CBReserveBackOp::create(builder, loc, cb, count);
  Value l1 = metalium::GetWritePtrOp::create(builder, addressName(loc, cb),
                                             builder.getIndexType(), cb);
  if (auto elements = read.getElements()) {
    auto emit = [&](Value scratch) {
      return emitElementReads(builder, loc, regionOf(read),
                              extentsOf(*elements), scratch, l1);
    };
    if (failed(withScratch(builder, loc, read.getScratch(), kReadScratchPages,
                           emit)))
      return failure();
  } else {
    if (failed(emitReads(builder, loc, regionOf(read), l1)))
      return failure();
    metalium::NocAsyncReadBarrierOp::create(builder, loc);
  }
  metalium::CBPushBackOp::create(builder, loc, cb, count);
  read.erase();
  return success();
}

/// What the reader itself writes needs no barrier.
static void lowerRamp(tt::RampToCBOp ramp) {
  OpBuilder builder(ramp);
  Location loc = ramp.getLoc();
  Value cb = ramp.getCb();
  Value count = pages(builder, loc, ramp.getBlock());
  metalium::CBReserveBackOp::create(builder, loc, cb, count);
  Value l1 = metalium::GetWritePtrOp::create(builder, addressName(loc, cb),
                                             builder.getIndexType(), cb);
  emitRamp(builder, ramp, l1);
  metalium::CBPushBackOp::create(builder, loc, cb, count);
  ramp.erase();
}

/// Opens the tensors of which the kernel moves elements.
static LogicalResult openTensors(MovedElements &elements) {
  return elements.open([](OpBuilder &builder, Location loc, Value cb,
                          int64_t count, llvm::function_ref<void(Value)> use) {
    return withScratch(builder, loc, cb, count, [&](Value l1) {
      use(l1);
      return success();
    });
  });
}

/// Nor does what it puts together.
static LogicalResult lowerGathers(metalium::KernelOp kernel) {
  SmallVector<tt::GatherToCBOp> gathers;
  kernel.walk([&](tt::GatherToCBOp op) { gathers.push_back(op); });
  MovedElements elements(kernel);
  if (failed(openTensors(elements)))
    return failure();
  for (tt::GatherToCBOp gather : gathers) {
    OpBuilder builder(gather);
    Location loc = gather.getLoc();
    Value cb = gather.getCb();
    Value count = pages(builder, loc, gather.getBlock());
    metalium::CBReserveBackOp::create(builder, loc, cb, count);
    Value l1 = metalium::GetWritePtrOp::create(builder, addressName(loc, cb),
                                               builder.getIndexType(), cb);
    elements.emit(builder, gather, l1);
    metalium::CBPushBackOp::create(builder, loc, cb, count);
    gather.erase();
  }
  return success();
}

namespace {

/// Joins the barriers of reads that follow each other in a block.
class ElideBarriers {
public:
  explicit ElideBarriers(metalium::KernelOp kernel) {
    kernel.walk([&](metalium::CBReserveBackOp op) { ++places[op.getCb()]; });
    kernel.walk([&](Block *block) { visit(*block); });
  }

private:
  void visit(Block &block) {
    pending = {};
    barrier = nullptr;
    for (Operation &op : llvm::make_early_inc_range(block))
      visit(&op);
  }

  void visit(Operation *op) {
    if (isa<metalium::NocAsyncReadBarrierOp>(op)) {
      barrier = op;
    } else if (isa<metalium::L1LoadU16Op, metalium::L1LoadU32Op,
                   metalium::ByElementOp>(op)) {
      // The kernel needs what it has read.
      pending = {};
      barrier = nullptr;
    } else if (auto push = dyn_cast<metalium::CBPushBackOp>(op)) {
      finishRead(push);
    } else if (isa<metalium::CBWaitFrontOp>(op)) {
      pending = {}; // scratch memory: what was pushed is taken back
    } else if (auto reserve = dyn_cast<metalium::CBReserveBackOp>(op)) {
      if (places[reserve.getCb()] != 1)
        pending = {};
    } else if (op->getNumRegions() == 0 && !isPure(op) &&
               !isa<metalium::MetaliumDialect>(op->getDialect())) {
      pending = {};
    } else if (op->getNumRegions() != 0 && holdsProtocol(op)) {
      pending = {};
    }
  }

  /// Whether this is a loop of the program, not one over the tiles of a block.
  static bool holdsProtocol(Operation *op) {
    return op
        ->walk([](Operation *inner) {
          return isa<metalium::CBReserveBackOp>(inner) ? WalkResult::interrupt()
                                                       : WalkResult::advance();
        })
        .wasInterrupted();
  }

  /// Moves the pushes that wait behind the barrier of this read, which then
  /// serves them too.
  void finishRead(metalium::CBPushBackOp push) {
    if (!barrier)
      return; // what the reader itself wrote
    if (pending.barrier) {
      for (Operation *earlier : pending.pushes)
        earlier->moveBefore(push);
      pending.barrier->erase();
    }
    pending.barrier = std::exchange(barrier, nullptr);
    if (places[push.getCb()] == 1)
      pending.pushes.push_back(push);
    else
      pending = {};
  }

  struct Group {
    Operation *barrier = nullptr;
    SmallVector<Operation *> pushes;
  };
  DenseMap<Value, int> places;
  Group pending;
  Operation *barrier = nullptr;
};

} // namespace

static LogicalResult lowerReads(metalium::KernelOp kernel) {
  SmallVector<tt::ReadToCBOp> reads;
  kernel.walk([&](tt::ReadToCBOp op) { reads.push_back(op); });
  for (tt::ReadToCBOp read : reads)
    if (failed(lowerRead(read)))
      return failure();
  return success();
}

static LogicalResult lowerReader(metalium::KernelOp kernel) {
  if (failed(lowerReads(kernel)))
    return failure();
  SmallVector<tt::RampToCBOp> ramps;
  kernel.walk([&](tt::RampToCBOp op) { ramps.push_back(op); });
  for (tt::RampToCBOp ramp : ramps)
    lowerRamp(ramp);
  if (failed(lowerGathers(kernel)))
    return failure();
  if (failed(lowerScalarReads(kernel)))
    return failure();
  ElideBarriers elide(kernel);
  return success();
}

//===----------------------------------------------------------------------===//
// Writer
//===----------------------------------------------------------------------===//

static LogicalResult lowerWrites(tt::ReceiveOp receive, MovedElements &elements,
                                 DenseMap<Value, Value> &moved) {
  OpBuilder builder(receive);
  Value cb = receive.getCb();
  Value count = pages(builder, receive.getLoc(), receive.getBlock());
  metalium::CBWaitFrontOp::create(builder, receive.getLoc(), cb, count);
  Value l1 = metalium::GetReadPtrOp::create(
      builder, addressName(receive.getLoc(), cb), builder.getIndexType(), cb);
  builder.setInsertionPointAfter(getLastUser(receive.getBlock()));
  SmallVector<Operation *> users(receive.getBlock().getUsers());
  if (llvm::any_of(users, llvm::IsaPred<tt::WriteFromCBOp>))
    metalium::NocAsyncWriteBarrierOp::create(builder, receive.getLoc());
  metalium::CBPopFrontOp::create(builder, receive.getLoc(), cb, count);
  for (Operation *user : llvm::reverse(users)) {
    if (isa<tt::MoveElementsOp>(user)) {
      moved[receive.getBlock()] = l1;
      continue;
    }
    if (auto inspect = dyn_cast<tt::InspectOp>(user)) {
      lowerInspection(inspect, l1);
      continue;
    }
    if (auto scatter = dyn_cast<tt::ScatterFromCBOp>(user)) {
      builder.setInsertionPoint(scatter);
      elements.emit(builder, scatter, l1);
      scatter.erase();
      continue;
    }
    auto write = cast<tt::WriteFromCBOp>(user);
    builder.setInsertionPoint(write);
    Location loc = write.getLoc();
    auto emit = [&](Value scratch) {
      ElementExtents extents = extentsOf(*write.getElements());
      extents.rowLimit = write.getRows();
      extents.colLimit = write.getCols();
      return emitElementWrites(builder, loc, regionOf(write), extents, scratch,
                               l1);
    };
    LogicalResult moved = write.getElements()
                              ? withScratch(builder, loc, write.getScratch(),
                                            kWriteScratchPages, emit)
                              : emitWrites(builder, loc, regionOf(write), l1);
    if (failed(moved))
      return failure();
    write.erase();
  }
  if (receive.getBlock().use_empty())
    receive.erase();
  return success();
}

/// A block that is put together from others, whose addresses are `moved`.
static LogicalResult lowerMove(tt::MoveElementsOp move, MovedElements &elements,
                               const DenseMap<Value, Value> &moved) {
  OpBuilder builder(move);
  Location loc = move.getLoc();
  Value cb = move.getCb();
  Value count = pages(builder, loc, move.getBlock());
  metalium::CBReserveBackOp::create(builder, loc, cb, count);
  Value l1 = metalium::GetWritePtrOp::create(builder, addressName(loc, cb),
                                             builder.getIndexType(), cb);
  elements.emit(builder, move, l1, moved);
  metalium::CBPushBackOp::create(builder, loc, cb, count);
  SmallVector<Operation *> receives;
  for (Value block : move.getBlocks())
    receives.push_back(block.getDefiningOp());
  move.erase();
  for (Operation *receive : receives)
    if (receive->use_empty())
      receive->erase();
  return success();
}

static LogicalResult lowerWriter(metalium::KernelOp kernel) {
  MovedElements elements(kernel);
  if (failed(openTensors(elements)))
    return failure();
  SmallVector<tt::ReceiveOp> receives;
  kernel.walk([&](tt::ReceiveOp op) { receives.push_back(op); });
  DenseMap<Value, Value> moved;
  for (tt::ReceiveOp receive : receives)
    if (failed(lowerWrites(receive, elements, moved)))
      return failure();
  SmallVector<tt::MoveElementsOp> moves;
  kernel.walk([&](tt::MoveElementsOp move) { moves.push_back(move); });
  for (tt::MoveElementsOp move : moves)
    if (failed(lowerMove(move, elements, moved)))
      return failure();
  SmallVector<tt::InspectOp> others; // without a block
  kernel.walk([&](tt::InspectOp op) { others.push_back(op); });
  for (tt::InspectOp inspect : others)
    lowerInspection(inspect, /*l1=*/Value());
  kernel.walk([](tt::ReadToCBOp read) {
    OpBuilder builder(read);
    metalium::NocAsyncWriteBarrierOp::create(builder, read.getLoc());
  });
  if (failed(lowerScalarReads(kernel)))
    return failure();
  return lowerReads(kernel);
}

//===----------------------------------------------------------------------===//
// Compute
//===----------------------------------------------------------------------===//

/// The first operation of the chain that fills the block of `section`'s result
/// `index`.
static Operation *chainBegin(tt::SectionOp section, unsigned index) {
  if (section.getPrevious().empty())
    return section;
  Operation *begin = section;
  Value block = section.getPrevious()[index];
  while (true) {
    if (auto argument = dyn_cast<BlockArgument>(block)) {
      auto loop = cast<scf::ForOp>(argument.getOwner()->getParentOp());
      begin = loop;
      block = loop.getInitArgs()[argument.getArgNumber() - 1];
      continue;
    }
    unsigned result = cast<OpResult>(block).getResultNumber();
    if (auto loop = block.getDefiningOp<scf::ForOp>()) {
      begin = loop;
      block = loop.getInitArgs()[result];
    } else if (auto first = block.getDefiningOp<tt::SectionOp>()) {
      return chainBegin(first, result);
    } else {
      return begin; // a fill: the first section of the chain overwrites
    }
  }
}

/// The last operation of that chain.
static Operation *chainEnd(Value block) {
  for (OpOperand &use : block.getUses()) {
    Operation *user = use.getOwner();
    if (auto section = dyn_cast<tt::SectionOp>(user)) {
      auto previous = llvm::find(section.getPrevious(), block);
      if (previous != section.getPrevious().end())
        return chainEnd(section->getResult(
            std::distance(section.getPrevious().begin(), previous)));
    } else if (isa<scf::YieldOp>(user)) {
      auto loop = cast<scf::ForOp>(user->getParentOp());
      return chainEnd(loop.getResult(use.getOperandNumber()));
    } else if (auto loop = dyn_cast<scf::ForOp>(user)) {
      if (OpResult result = loop.getTiedLoopResult(&use))
        return chainEnd(result);
    }
  }
  return block.getDefiningOp();
}

/// Reserves before and pushes after each section or chain of sections.
static void lowerSections(metalium::KernelOp kernel) {
  // Begin of a chain -> its pages in each CB, and the end of the chain.
  struct Result {
    Value cb, block;
    Operation *end;
  };
  llvm::MapVector<Operation *, SmallVector<Result, 2>> chains;
  kernel.walk([&](tt::SectionOp section) {
    for (auto [index, cb, result] :
         llvm::enumerate(section.getOuts(), section.getResults())) {
      auto &results = chains[chainBegin(section, index)];
      if (llvm::none_of(results, [cb](Result &r) { return r.cb == cb; }))
        results.push_back({cb, result, chainEnd(result)});
    }
  });
  for (auto &[begin, results] : chains) {
    OpBuilder builder(begin);
    for (Result &result : results) {
      Location loc = result.block.getLoc();
      metalium::CBReserveBackOp::create(builder, loc, result.cb,
                                        pages(builder, loc, result.block));
    }
    for (Result &result : llvm::reverse(results)) {
      Location loc = result.block.getLoc();
      builder.setInsertionPointAfter(result.end);
      Value count = pages(builder, loc, result.block);
      metalium::CBPushBackOp::create(builder, loc, result.cb, count);
    }
  }
}

/// Waits before each receive and pops after the last use of its block.
static void lowerReceives(metalium::KernelOp kernel) {
  SmallVector<tt::ReceiveOp> receives;
  kernel.walk([&](tt::ReceiveOp op) { receives.push_back(op); });
  // Pops behind the same operation stand in the order of the receives.
  DenseMap<Operation *, Operation *> lastPop;
  for (tt::ReceiveOp receive : receives) {
    OpBuilder builder(receive);
    Location loc = receive.getLoc();
    Value count = pages(builder, loc, receive.getBlock());
    metalium::CBWaitFrontOp::create(builder, loc, receive.getCb(), count);
    Operation *last = getLastUser(receive.getBlock());
    Operation *&after = lastPop[last];
    if (!after) {
      // Results are handed on before operands are given back.
      after = last;
      while (isa_and_nonnull<metalium::CBPushBackOp, arith::ConstantOp>(
          after->getNextNode()))
        after = after->getNextNode();
    }
    builder.setInsertionPointAfter(after);
    after =
        metalium::CBPopFrontOp::create(builder, loc, receive.getCb(), count);
  }
}

static void lowerCompute(metalium::KernelOp kernel) {
  lowerSections(kernel);
  lowerReceives(kernel);
  lowerScalarReceives(kernel);
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

static LogicalResult lower(metalium::KernelOp kernel) {
  lowerBufferRefs(kernel);
  switch (kernel.getRole()) {
  case KernelRole::Reader:
    if (failed(lowerReader(kernel)))
      return failure();
    break;
  case KernelRole::Writer:
    if (failed(lowerWriter(kernel)))
      return failure();
    break;
  case KernelRole::Compute:
    lowerCompute(kernel);
    break;
  }
  simplifyIndices(kernel);
  return success();
}

namespace {

struct LowerCBIntrinsicsPass
    : tilewright::impl::LowerCBIntrinsicsBase<LowerCBIntrinsicsPass> {
  void runOnOperation() override {
    WalkResult result = getOperation().walk(
        [](metalium::KernelOp kernel) -> WalkResult { return lower(kernel); });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
