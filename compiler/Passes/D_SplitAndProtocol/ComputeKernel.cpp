//===- ComputeKernel.cpp - Blocks of the compute kernel -------------------===//

#include "compiler/Passes/D_SplitAndProtocol/ComputeKernel.h"

#include "compiler/Support/Codes/StageD.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tilewright;

static bool isBlock(Value value) { return isa<tt::BlockType>(value.getType()); }

static bool isInSection(Operation *op) {
  return op->getParentOfType<tt::SectionOp>() != nullptr;
}

/// The operand that a loop yields for one of its results or carried values.
static Value getYielded(scf::ForOp loop, unsigned index) {
  return loop.getBody()->getTerminator()->getOperand(index);
}

static unsigned getCarriedIndex(BlockArgument argument) {
  return argument.getArgNumber() - 1;
}

Value tilewright::getBufferOf(Value block) {
  if (auto argument = dyn_cast<BlockArgument>(block)) {
    auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp());
    if (!loop)
      return {};
    unsigned index = getCarriedIndex(argument);
    if (Value buffer = getBufferOf(loop.getInitArgs()[index]))
      return buffer;
    Value yielded = getYielded(loop, index);
    return yielded == argument ? Value() : getBufferOf(yielded);
  }
  unsigned index = cast<OpResult>(block).getResultNumber();
  Operation *op = block.getDefiningOp();
  if (auto section = dyn_cast<tt::SectionOp>(op))
    return section.getOuts()[index];
  if (auto receive = dyn_cast<tt::ReceiveOp>(op))
    return receive.getCb();
  if (auto read = dyn_cast<tt::ReadToCBOp>(op))
    return read.getCb();
  if (auto ramp = dyn_cast<tt::RampToCBOp>(op))
    return ramp.getCb();
  if (auto gather = dyn_cast<tt::GatherToCBOp>(op))
    return gather.getCb();
  if (auto move = dyn_cast<tt::MoveElementsOp>(op))
    return move.getCb();
  if (auto loop = dyn_cast<scf::ForOp>(op)) {
    Value yielded = getYielded(loop, index);
    return yielded == loop.getRegionIterArgs()[index]
               ? getBufferOf(loop.getInitArgs()[index])
               : getBufferOf(yielded);
  }
  return {};
}

bool tilewright::isAccumulatedOnto(Value block) {
  return llvm::any_of(block.getUses(), [](OpOperand &use) {
    Operation *user = use.getOwner();
    if (auto section = dyn_cast<tt::SectionOp>(user))
      return llvm::is_contained(section.getPrevious(), use.get());
    if (auto loop = dyn_cast<scf::ForOp>(user); loop && !isInSection(loop))
      if (BlockArgument argument = loop.getTiedLoopRegionIterArg(&use))
        return isAccumulatedOnto(argument);
    return false;
  });
}

Operation *tilewright::getLastUser(Value value) {
  Operation *last = value.getDefiningOp();
  for (Operation *user : value.getUsers()) {
    Operation *ancestor = last->getBlock()->findAncestorOpInBlock(*user);
    if (ancestor && last->isBeforeInBlock(ancestor))
      last = ancestor;
  }
  return last;
}

//===----------------------------------------------------------------------===//
// Overlapping reads
//===----------------------------------------------------------------------===//

/// Whether `second` is read while the block of `first` is in use.
static bool comesDuring(tt::ReadToCBOp second, tt::ReadToCBOp first) {
  Operation *position = first->getBlock()->findAncestorOpInBlock(*second);
  if (!position || position == first)
    return false;
  Operation *last = getLastUser(first.getBlock());
  return first->isBeforeInBlock(position) &&
         (position == last || position->isBeforeInBlock(last));
}

void tilewright::separateOverlappingReads(tt::CoreProgramOp program) {
  llvm::MapVector<Value, SmallVector<tt::ReadToCBOp>> readsInto;
  program.walk(
      [&](tt::ReadToCBOp read) { readsInto[read.getCb()].push_back(read); });
  for (auto &[cb, reads] : readsInto) {
    SmallVector<SmallVector<tt::ReadToCBOp>> sharing(1);
    SmallVector<Value> buffers = {cb};
    for (tt::ReadToCBOp read : reads) {
      auto isFree = [&](ArrayRef<tt::ReadToCBOp> others) {
        return llvm::none_of(others, [&](tt::ReadToCBOp other) {
          return comesDuring(read, other) || comesDuring(other, read);
        });
      };
      size_t index =
          std::distance(sharing.begin(), llvm::find_if(sharing, isFree));
      if (index == sharing.size()) {
        OpBuilder builder(cb.getContext());
        builder.setInsertionPointAfterValue(cb);
        buffers.push_back(builder.clone(*cb.getDefiningOp())->getResult(0));
        sharing.emplace_back();
      }
      sharing[index].push_back(read);
      read.getCbMutable().assign(buffers[index]);
    }
  }
}

//===----------------------------------------------------------------------===//
// Receives
//===----------------------------------------------------------------------===//

/// Whether this use takes the block out of its CB. The others hand it on: to a
/// loop that carries it, or to the packer that adds onto it.
static bool takesBlock(OpOperand &use) {
  Operation *user = use.getOwner();
  if (isa<tt::SectionOp>(user))
    return false;
  if (isa<scf::YieldOp, scf::ForOp>(user))
    return isInSection(user);
  if (auto mma = dyn_cast<tt::MmaOp>(user))
    if (use.get() == mma.getAcc())
      if (auto section = mma->getParentOfType<tt::SectionOp>())
        return !llvm::is_contained(section.getPrevious(), use.get());
  return true;
}

/// The first operation of `block` under which one of `uses` stands.
static Operation *getFirstUser(Block *block, ArrayRef<OpOperand *> uses) {
  Operation *first = nullptr;
  for (OpOperand *use : uses) {
    Operation *ancestor = block->findAncestorOpInBlock(*use->getOwner());
    if (!first || ancestor->isBeforeInBlock(first))
      first = ancestor;
  }
  return first;
}

static metalium::KernelRole getConsumer(metalium::KernelOp kernel, Value cb) {
  auto ref = cb.getDefiningOp<tt::CBRefOp>();
  auto declaration =
      SymbolTable::lookupNearestSymbolFrom<metalium::CircularBufferOp>(
          kernel->getParentOp(), ref.getSymbolAttr());
  return declaration.getConsumer();
}

/// Receives `value`, which stands in a CB, before its first user in `block`,
/// or at `fallback` to take out what nobody uses.
static LogicalResult receive(metalium::KernelOp kernel, Value value,
                             Block *block, Block::iterator fallback) {
  SmallVector<OpOperand *> uses;
  bool isHandedOn = false;
  for (OpOperand &use : value.getUses())
    if (takesBlock(use))
      uses.push_back(&use);
    else
      isHandedOn = true;
  if (uses.empty() && isHandedOn)
    return success();
  if (isHandedOn)
    return emitCoded(uses.front()->getOwner(), Code::CircularBufferEnds)
           << "a block is used here and then carried on by a loop in the same "
              "circular buffer";
  bool isCarried = isa<BlockArgument>(value);

  Value cb = getBufferOf(value);
  if (!cb) {
    if (uses.empty() && !isCarried)
      return success();
    return emitCoded(value.getLoc(), Code::CircularBufferEnds)
           << "a block that a loop carries does not start in a circular "
              "buffer";
  }
  if (getConsumer(kernel, cb) != metalium::KernelRole::Compute) {
    if (uses.empty())
      return success();
    return emitCoded(uses.front()->getOwner(), Code::CircularBufferEnds)
           << "a block that leaves for the writer is used by the compute "
              "kernel too";
  }
  Operation *first = getFirstUser(block, uses);
  OpBuilder builder(block, first ? Block::iterator(first) : fallback);
  auto received = tt::ReceiveOp::create(
      builder, first ? first->getLoc() : value.getLoc(), value.getType(), cb);
  for (OpOperand *use : uses)
    use->set(received.getBlock());
  return success();
}

/// Receives a block that a loop carries, in the loop's body.
static LogicalResult receiveCarried(metalium::KernelOp kernel,
                                    BlockArgument argument) {
  if (isAccumulatedOnto(argument)) {
    for (OpOperand &use : argument.getUses())
      if (takesBlock(use))
        return emitCoded(use.getOwner(), Code::CircularBufferEnds)
               << "a block is used while the packer accumulates onto it";
    return success();
  }
  Block *body = argument.getOwner();
  auto loop = cast<scf::ForOp>(body->getParentOp());
  unsigned index = getCarriedIndex(argument);
  Value init = getBufferOf(loop.getInitArgs()[index]);
  Value yielded = getBufferOf(getYielded(loop, index));
  if (!init || init != yielded)
    return emitCoded(loop, Code::CircularBufferEnds)
           << "a block that the loop carries starts in another circular "
              "buffer than it is updated in";
  return receive(kernel, argument, body, body->begin());
}

/// Removes the carried blocks that are received now.
static void stopCarrying(RewriterBase &rewriter, scf::ForOp loop) {
  llvm::SmallBitVector dropped(loop.getNumRegionIterArgs());
  for (auto [index, argument] : llvm::enumerate(loop.getRegionIterArgs()))
    if (isBlock(argument) && !isAccumulatedOnto(argument))
      dropped.set(index);
  if (dropped.none())
    return;
  rewriter.setInsertionPoint(loop);
  SmallVector<Value> inits, yielded;
  for (unsigned i = 0; i < dropped.size(); ++i)
    if (!dropped.test(i)) {
      inits.push_back(loop.getInitArgs()[i]);
      yielded.push_back(getYielded(loop, i));
    }
  auto copy = scf::ForOp::create(rewriter, loop.getLoc(), loop.getLowerBound(),
                                 loop.getUpperBound(), loop.getStep(), inits);
  if (!copy.getBody()->empty())
    rewriter.eraseOp(copy.getBody()->getTerminator());
  SmallVector<Value> arguments = {copy.getInductionVar()};
  SmallVector<Value> results;
  unsigned next = 0;
  for (unsigned i = 0; i < dropped.size(); ++i) {
    bool isDropped = dropped.test(i);
    // Nobody looks at a dropped value any more; the init stands in for it.
    arguments.push_back(isDropped ? loop.getInitArgs()[i]
                                  : copy.getRegionIterArgs()[next]);
    results.push_back(isDropped ? loop.getInitArgs()[i]
                                : copy.getResults()[next]);
    next += !isDropped;
  }
  rewriter.modifyOpInPlace(loop.getBody()->getTerminator(), [&] {
    loop.getBody()->getTerminator()->setOperands(yielded);
  });
  rewriter.mergeBlocks(loop.getBody(), copy.getBody(), arguments);
  rewriter.replaceOp(loop, results);
}

/// Two blocks of one CB must not be in use at once: the CB's front is only one.
static LogicalResult checkOrder(tt::ReceiveOp receive) {
  Operation *last = getLastUser(receive.getBlock());
  for (Operation *op = receive; op != last;) {
    op = op->getNextNode();
    WalkResult result = op->walk([&](tt::ReceiveOp other) -> WalkResult {
      if (other.getCb() != receive.getCb())
        return success();
      InFlightDiagnostic diag =
          emitCoded(other, Code::BlocksOverlap)
          << "a second block comes into a circular buffer while the first is "
             "in use";
      diag.attachNote(receive.getLoc()) << "the first block comes from here";
      return diag;
    });
    if (result.wasInterrupted())
      return failure();
  }
  return success();
}

LogicalResult tilewright::insertReceives(metalium::KernelOp kernel) {
  IRRewriter rewriter(kernel.getContext());
  SmallVector<Operation *> reads;
  SmallVector<Operation *> producers;
  kernel.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<tt::ReadToCBOp, tt::RampToCBOp, tt::GatherToCBOp, tt::ReadScalarOp,
            tt::MoveElementsOp, tt::WriteFromCBOp, tt::ScatterFromCBOp,
            tt::InspectOp>(op))
      reads.push_back(op);
    if (isa<tt::SectionOp, scf::ForOp>(op) && !isInSection(op))
      producers.push_back(op);
  });
  for (Operation *op : reads) {
    rewriter.setInsertionPoint(op);
    if (auto read = dyn_cast<tt::ReadToCBOp>(op))
      rewriter.replaceOpWithNewOp<tt::ReceiveOp>(
          read, read.getBlock().getType(), read.getCb());
    else if (auto scalar = dyn_cast<tt::ReadScalarOp>(op)) {
      if (scalar.getCompute())
        rewriter.replaceOpWithNewOp<tt::ReceiveScalarOp>(
            scalar, scalar.getValue().getType(), scalar.getCompute(),
            scalar.getNumber().value_or(0));
    } else if (auto ramp = dyn_cast<tt::RampToCBOp>(op))
      rewriter.replaceOpWithNewOp<tt::ReceiveOp>(
          ramp, ramp.getBlock().getType(), ramp.getCb());
    else if (auto gather = dyn_cast<tt::GatherToCBOp>(op))
      rewriter.replaceOpWithNewOp<tt::ReceiveOp>(
          gather, gather.getBlock().getType(), gather.getCb());
    else if (auto move = dyn_cast<tt::MoveElementsOp>(op))
      rewriter.replaceOpWithNewOp<tt::ReceiveOp>(
          move, move.getBlock().getType(), move.getCb());
    else
      rewriter.eraseOp(op);
  }
  for (Operation *op : producers) {
    if (auto loop = dyn_cast<scf::ForOp>(op))
      for (BlockArgument argument : loop.getRegionIterArgs())
        if (isBlock(argument) && failed(receiveCarried(kernel, argument)))
          return failure();
    for (Value result : op->getResults())
      if (isBlock(result) && failed(receive(kernel, result, op->getBlock(),
                                            std::next(Block::iterator(op)))))
        return failure();
  }
  // Inner loops first: what an inner loop no longer carries is then not used by
  // the outer one either.
  for (Operation *op : llvm::reverse(producers))
    if (auto loop = dyn_cast<scf::ForOp>(op))
      stopCarrying(rewriter, loop);
  WalkResult result = kernel.walk(
      [](tt::ReceiveOp op) -> WalkResult { return checkOrder(op); });
  return failure(result.wasInterrupted());
}

//===----------------------------------------------------------------------===//
// Full fp32 into DST
//===----------------------------------------------------------------------===//

static bool isCopiedToDst(Value block) {
  return llvm::all_of(block.getUsers(), [](Operation *user) {
    return isa<tt::SfpuBinaryOp, tt::SfpuScalarOp, tt::SfpuIntScalarOp,
               tt::SfpuUnaryOp, tt::SfpuReduceOp, tt::WhereOp, tt::FoldOp,
               tt::BcastOp, tt::CastOp, tt::TransposeOp, tt::CumsumOp,
               tt::YieldOp>(user);
  });
}

void tilewright::markUnpackToDest(metalium::KernelOp kernel) {
  llvm::SmallSetVector<Operation *, 8> marked;
  llvm::SmallPtrSet<Operation *, 8> rejected;
  kernel.walk([&](tt::ReceiveOp receive) {
    auto ref = receive.getCb().getDefiningOp<tt::CBRefOp>();
    auto declaration =
        SymbolTable::lookupNearestSymbolFrom<metalium::CircularBufferOp>(
            kernel->getParentOp(), ref.getSymbolAttr());
    if (declaration.getDataFormat() != tt::DataFormat::Float32)
      return;
    if (isCopiedToDst(receive.getBlock()))
      marked.insert(declaration);
    else
      rejected.insert(declaration);
  });
  for (Operation *op : marked)
    if (!rejected.contains(op))
      cast<metalium::CircularBufferOp>(op).setUnpackToDestFp32(true);
}
