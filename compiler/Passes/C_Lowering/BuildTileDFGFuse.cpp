//===- BuildTileDFGFuse.cpp - C3: grouping tile operations ----------------===//
//
// In each block of the core program, in order:
//
// 1. Tile operations that are connected by values form a component; operations
//    of different components share nothing and are never grouped. An operation
//    that can continue the open group of its component comes before others.
// 2. A component has one open group at a time. An operation joins it if it has
//    the group's shape, takes from inside the group only what DST can give it,
//    and the group still fits DST with a sub-block of one tile (of the whole
//    block if the group holds a matmul loop). Otherwise the group is closed and
//    a new one opened.
// 3. Any other operation that uses a value of an open group closes it.
// 4. A closed group becomes a section behind its last operation. It yields what
//    is used outside: once for each tensor that the value is written to, once
//    for all other uses together, each into a circular buffer.
//
// Fills are cloned to where they are used.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/C_Lowering/BuildTileDFG.h"

#include "compiler/Analysis/DstAllocation.h"
#include "compiler/Analysis/TileCalls.h"
#include "compiler/Support/Diagnostics.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

#include <functional>

using namespace mlir;

namespace tilewright {

/// Operations that will share a section.
struct Group {
  SmallVector<Operation *> ops;
  int64_t rows = 0, cols = 0;
  bool hasLoop = false; ///< a matmul loop whose accumulators stay in DST
  bool hasMatmul = false;
  /// The operation that could not join, which ended the group.
  Operation *refused = nullptr;
  tt::SpillReason refusal = tt::SpillReason::LaterSection;
};

class Fuser {
public:
  Fuser(DataflowBuilder &builder, Block &block)
      : dataflow(builder), block(block) {}
  LogicalResult run();

private:
  bool isGroupable(Operation *op) const;
  void findComponents();
  bool contains(const Group &group, Value value) const;
  std::optional<tt::SpillReason> refuse(const Group &group,
                                        Operation *op) const;
  bool canJoin(const Group &group, Operation *op) const {
    return !refuse(group, op);
  }
  tt::SpillAttr explain(const Group &group, OpOperand &use) const;
  int64_t slots(const Group &group, Operation *extra) const;
  int64_t slots(const Group &group, Operation *extra, bool loadsAgain) const;
  bool addsFromBuffer(const Group &group, tt::MmaOp mma) const;
  void shareRepeated(Group &group) const;
  bool share(Group &group, Operation *first, size_t index) const;
  void splitAccumulators(Group &group) const;
  bool usesGroup(Operation *op, const Group &group) const;
  void close(Operation *component);
  int64_t countResults(const Group &group, Operation *extra) const;
  bool isWorthwhile(const Group &group, Operation *op) const;
  Operation *pickNext(ArrayRef<Operation *> left) const;
  void visit(Operation *op);
  LogicalResult emit(Group &group);

  DataflowBuilder &dataflow;
  Block &block;
  llvm::EquivalenceClasses<Operation *> components;
  llvm::MapVector<Operation *, Group> open; // by leader of the component
  SmallVector<Group> closed;
};

static tt::BlockType shapeOf(Operation *op) {
  return cast<tt::BlockType>(op->getResult(0).getType());
}

/// A transpose that the unpacker does, from a circular buffer.
static bool isUnpackedTranspose(Operation *op) {
  auto transpose = dyn_cast<tt::TransposeOp>(op);
  return transpose && !transpose.isInDst();
}

/// A transpose of a whole block takes its tiles from a circular buffer.
static bool isWholeTranspose(Operation *op) {
  auto transpose = dyn_cast<tt::TransposeOp>(op);
  return transpose && transpose.getWhole();
}

bool Fuser::isGroupable(Operation *op) const {
  if (isTileOp(op))
    return true;
  auto loop = dyn_cast<scf::ForOp>(op);
  return loop && loop.getNumResults() && dataflow.isDstLoop(loop);
}

void Fuser::findComponents() {
  for (Operation &op : block)
    if (isGroupable(&op))
      components.insert(&op);
  for (Operation &op : block) {
    if (!isGroupable(&op))
      continue;
    for (Value operand : op.getOperands())
      if (Operation *def = operand.getDefiningOp();
          def && def->getBlock() == &block && isGroupable(def))
        components.unionSets(&op, def);
  }
}

bool Fuser::contains(const Group &group, Value value) const {
  Operation *def = value.getDefiningOp();
  return def && llvm::is_contained(group.ops, def);
}

int64_t Fuser::slots(const Group &group, Operation *extra) const {
  int64_t kept = slots(group, extra, /*loadsAgain=*/false);
  return kept <= dataflow.dstTiles || group.hasLoop
             ? kept
             : slots(group, extra, /*loadsAgain=*/true);
}

/// DST tiles that each tile of the group takes, allocated as pass D5 will:
/// operands from circular buffers are loaded at their first use and stay to the
/// last, or are loaded for each use; functions of one operand work in place, on
/// a copy where the operand is used again; results of the matrix unit take
/// tiles that nothing has written.
int64_t Fuser::slots(const Group &group, Operation *extra,
                     bool loadsAgain) const {
  SmallVector<Operation *> ops(group.ops);
  if (extra)
    ops.push_back(extra);
  llvm::SmallDenseMap<Operation *, size_t> order;
  for (auto [position, op] : llvm::enumerate(ops))
    order[op] = position;
  auto isMadeHere = [&](Value value) {
    return value.getDefiningOp() && order.contains(value.getDefiningOp());
  };
  std::function<bool(Value, size_t)> isUsedAfter = [&](Value value,
                                                       size_t position) {
    return llvm::any_of(value.getUsers(), [&](Operation *user) {
      // A cast that needs no call is the same tiles.
      if (isAlias(user) && isMadeHere(value) &&
          isUsedAfter(user->getResult(0), position))
        return true;
      auto it = order.find(user);
      // What is used outside is packed after everything.
      return it == order.end() ? isMadeHere(value) : it->second > position;
    });
  };
  SmallVector<bool> used, written;
  auto allocate = [&](bool fresh) {
    size_t slot = 0;
    while (slot < used.size() && (used[slot] || (fresh && written[slot])))
      ++slot;
    if (slot == used.size()) {
      used.push_back(false);
      written.push_back(false);
    }
    used[slot] = written[slot] = true;
    return slot;
  };
  llvm::DenseMap<Value, size_t> slotOf;
  for (auto [position, op] : llvm::enumerate(ops)) {
    if (isAlias(op) && isMadeHere(op->getOperand(0))) {
      slotOf[op->getResult(0)] = slotOf[op->getOperand(0)];
      continue;
    }
    bool isMatrixUnit = isa<tt::FpuOp, tt::MmaOp, scf::ForOp>(op);
    SmallVector<Value> operands; // in DST
    if (auto mma = dyn_cast<tt::MmaOp>(op)) {
      if (!mma.getAcc().getDefiningOp<tt::FillOp>())
        operands.push_back(mma.getAcc());
    } else if (!isa<tt::FpuOp, scf::ForOp, tt::BcastOp, tt::FoldOp>(op) &&
               !isUnpackedTranspose(op)) {
      operands.assign(op->operand_begin(), op->operand_end());
    }
    for (Value operand : operands)
      if (!slotOf.contains(operand) || (loadsAgain && !isMadeHere(operand)))
        slotOf[operand] = allocate(/*fresh=*/false);
    // See splitAccumulators: the product stands beside the accumulator.
    auto mma = dyn_cast<tt::MmaOp>(op);
    if (mma && !operands.empty() && !isMadeHere(mma.getAcc()))
      used[allocate(/*fresh=*/true)] = false;
    // A fold loads beside its result.
    if (isa<tt::FoldOp>(op)) {
      size_t result = allocate(/*fresh=*/false);
      used[allocate(/*fresh=*/false)] = false;
      used[result] = false;
    }
    std::optional<size_t> reused;
    for (Value operand : operands)
      if ((loadsAgain && !isMadeHere(operand)) ||
          !isUsedAfter(operand, position)) {
        size_t slot = slotOf[operand];
        if (reused && *reused != slot)
          used[slot] = false;
        else
          reused = slot;
      }
    for (Value result : op->getResults()) {
      if (!isa<tt::BlockType>(result.getType()))
        continue;
      slotOf[result] = reused ? *reused : allocate(isMatrixUnit);
      reused.reset();
    }
  }
  return std::max<int64_t>(1, used.size());
}

/// Whether `op` leaves alone what running sums keep in the vector unit.
static bool isBesideScan(Operation *op) {
  return isa<tt::CumsumOp, tt::TransposeOp, tt::CastOp>(op);
}

/// Why an operation takes an operand from a circular buffer, whoever makes it.
static std::optional<tt::SpillReason> whyFromBuffer(OpOperand &use) {
  Operation *op = use.getOwner();
  if (isa<tt::BcastOp>(op))
    return tt::SpillReason::BroadcastOperand;
  if (isa<tt::FoldOp>(op))
    return tt::SpillReason::ReduceOperand;
  if (isUnpackedTranspose(op) || isWholeTranspose(op))
    return tt::SpillReason::TransposeOperand;
  if (auto mma = dyn_cast<tt::MmaOp>(op); mma && &use != &mma.getAccMutable())
    return tt::SpillReason::MatmulOperand;
  if (auto fpu = dyn_cast<tt::FpuOp>(op);
      fpu && fpu.getBcast() != tt::Broadcast::None && use.get() == fpu.getRhs())
    return tt::SpillReason::BroadcastOperand;
  return std::nullopt;
}

/// Why `op` cannot be in `group`, if it cannot.
std::optional<tt::SpillReason> Fuser::refuse(const Group &group,
                                             Operation *op) const {
  tt::BlockType shape = shapeOf(op);
  bool scans = isa<tt::CumsumOp>(op) ||
               llvm::any_of(group.ops, llvm::IsaPred<tt::CumsumOp>);
  if (scans && !(isBesideScan(op) && llvm::all_of(group.ops, isBesideScan)))
    return tt::SpillReason::RunningSums;
  // Each has an order of tiles of its own.
  if (isa<tt::CumsumOp>(op) &&
      llvm::any_of(group.ops, llvm::IsaPred<tt::CumsumOp>))
    return tt::SpillReason::RunningSums;
  if (shape.getRows() != group.rows || shape.getCols() != group.cols)
    return tt::SpillReason::OtherShape;
  if (isa<scf::ForOp>(op)) // the loop's sections start with it
    return tt::SpillReason::OtherRegion;
  for (OpOperand &use : op->getOpOperands())
    if (contains(group, use.get()))
      if (std::optional<tt::SpillReason> reason = whyFromBuffer(use))
        return reason;
  int64_t tiles = group.hasLoop ? group.rows * group.cols : 1;
  if (slots(group, op) * tiles > dataflow.dstTiles)
    return tt::SpillReason::DstCapacity;
  return std::nullopt;
}

/// Why a use of a value of `group` takes it from a circular buffer.
tt::SpillAttr Fuser::explain(const Group &group, OpOperand &use) const {
  Operation *user = use.getOwner();
  auto because = [&](tt::SpillReason reason) {
    return makeSpill(reason, user);
  };
  if (user == group.refused)
    return because(group.refusal);
  if (std::optional<tt::SpillReason> reason = whyFromBuffer(use))
    return because(*reason);
  // What stands in a section of this block already is the first value of a
  // loop.
  if (auto section = user->getParentOfType<tt::SectionOp>();
      section && section->getBlock() == &block)
    return because(tt::SpillReason::LoopCarried);
  if (user->getBlock() != &block || !isTileOp(user))
    return because(tt::SpillReason::OtherRegion);
  if (isa<tt::CumsumOp>(user) ||
      llvm::any_of(group.ops, llvm::IsaPred<tt::CumsumOp>))
    return because(tt::SpillReason::RunningSums);
  tt::BlockType shape = shapeOf(user);
  if (shape.getRows() != group.rows || shape.getCols() != group.cols)
    return because(tt::SpillReason::OtherShape);
  return because(tt::SpillReason::LaterSection);
}

bool Fuser::usesGroup(Operation *op, const Group &group) const {
  return op
      ->walk([&](Operation *inner) {
        for (Value operand : inner->getOperands())
          if (contains(group, operand))
            return WalkResult::interrupt();
        return WalkResult::advance();
      })
      .wasInterrupted();
}

void Fuser::close(Operation *component) {
  auto it = open.find(component);
  if (it == open.end())
    return;
  closed.push_back(std::move(it->second));
  open.erase(it);
}

/// Blocks of the group that have to be packed, with `extra` in the group.
int64_t Fuser::countResults(const Group &group, Operation *extra) const {
  return llvm::count_if(group.ops, [&](Operation *op) {
    return llvm::any_of(op->getUsers(), [&](Operation *user) {
      return user != extra && !llvm::is_contained(group.ops, user);
    });
  });
}

/// Whether `op` had better come early. Its result has to be packed anyway where
/// nobody takes it from DST; otherwise it should not be one more block to pack.
bool Fuser::isWorthwhile(const Group &group, Operation *op) const {
  bool isPacked = llvm::all_of(op->getUses(), [&](OpOperand &use) {
    Operation *user = use.getOwner();
    if (auto mma = dyn_cast<tt::MmaOp>(user))
      return &use != &mma.getAccMutable();
    return user->getBlock() != &block || !isTileOp(user) ||
           isa<tt::FoldOp, tt::BcastOp>(user) || isUnpackedTranspose(user) ||
           isWholeTranspose(user);
  });
  // One more for the result of `op` itself.
  return isPacked || countResults(group, op) < countResults(group, nullptr);
}

/// The operation that comes next: the first one left, or before it one that
/// continues an open group, so that a value is used while it is in DST.
Operation *Fuser::pickNext(ArrayRef<Operation *> left) const {
  llvm::SmallPtrSet<Operation *, 16> waiting(left.begin(), left.end());
  for (Operation *op : left) {
    if (!isTileOp(op))
      continue;
    auto it = open.find(components.getLeaderValue(op));
    if (it == open.end())
      continue;
    bool isReady = llvm::none_of(op->getOperands(), [&](Value operand) {
      return waiting.contains(operand.getDefiningOp());
    });
    bool continues = llvm::any_of(op->getOperands(), [&](Value operand) {
      return contains(it->second, operand);
    });
    if (isReady && continues && canJoin(it->second, op) &&
        isWorthwhile(it->second, op))
      return op;
  }
  return left.front();
}

/// Puts `op` into a group, or closes the groups whose values it uses.
void Fuser::visit(Operation *op) {
  if (!isGroupable(op)) {
    SmallVector<Operation *> touched;
    for (auto &[leader, group] : open)
      if (usesGroup(op, group))
        touched.push_back(leader);
    for (Operation *leader : touched)
      close(leader);
    return;
  }
  Operation *leader = components.getLeaderValue(op);
  auto it = open.find(leader);
  if (it != open.end())
    if (std::optional<tt::SpillReason> reason = refuse(it->second, op)) {
      it->second.refused = op;
      it->second.refusal = *reason;
      close(leader);
      it = open.end();
    }
  if (it == open.end()) {
    Group group;
    group.rows = shapeOf(op).getRows();
    group.cols = shapeOf(op).getCols();
    group.hasLoop = isa<scf::ForOp>(op);
    open.insert({leader, group});
  }
  Group &group = open.find(leader)->second;
  group.ops.push_back(op);
  group.hasMatmul |= isa<tt::MmaOp>(op);
}

LogicalResult Fuser::run() {
  findComponents();
  // The core program itself has no terminator.
  SmallVector<Operation *> left;
  Operation *end = nullptr;
  for (Operation &op : block) {
    if (op.hasTrait<OpTrait::IsTerminator>())
      end = &op;
    else
      left.push_back(&op);
  }
  while (!left.empty()) {
    Operation *next = pickNext(left);
    left.erase(llvm::find(left, next));
    if (end)
      next->moveBefore(end);
    else
      next->moveBefore(&block, block.end());
    visit(next);
  }
  while (!open.empty())
    close(open.front().first);
  for (Group &group : closed)
    if (failed(emit(group)))
      return failure();
  return success();
}

/// Clones fills to their uses inside `section`, which then needs none from
/// outside.
static void sinkFills(tt::SectionOp section) {
  section.walk([&](Operation *op) {
    for (OpOperand &operand : op->getOpOperands()) {
      auto fill = operand.get().getDefiningOp<tt::FillOp>();
      if (!fill || section->isAncestor(fill))
        continue;
      OpBuilder builder(op);
      operand.set(builder.clone(*fill)->getResult(0));
      if (fill->use_empty())
        fill->erase();
    }
  });
}

/// The uses that keep all bits of an fp32 block, and those of the matrix unit,
/// which sees ten bits of the mantissa: a circular buffer is unpacked in one
/// way only.
static SmallVector<SmallVector<OpOperand *>>
splitByPrecision(Value block, ArrayRef<OpOperand *> uses) {
  SmallVector<OpOperand *> exact, rounded;
  for (OpOperand *use : uses)
    (isRoundedToTf32(*use) ? rounded : exact).push_back(use);
  SmallVector<SmallVector<OpOperand *>> lists;
  bool isFp32 = cast<tt::BlockType>(block.getType()).getElement().isF32();
  if (isFp32 && !exact.empty() && !rounded.empty())
    return {exact, rounded};
  if (!uses.empty())
    lists.emplace_back(uses.begin(), uses.end());
  return lists;
}

/// A location that names the buffer which a block was.
static Location nameOf(Value block) {
  auto result = cast<OpResult>(block);
  if (auto loop = dyn_cast<scf::ForOp>(result.getOwner()))
    return loop.getRegionIterArg(result.getResultNumber()).getLoc();
  return block.getLoc();
}

/// A matmul adds to what DST holds. Where its accumulator comes from a circular
/// buffer, it multiplies from zero and the accumulator is added afterwards.
void Fuser::splitAccumulators(Group &group) const {
  SmallVector<Operation *> ops;
  for (Operation *op : group.ops) {
    ops.push_back(op);
    auto mma = dyn_cast<tt::MmaOp>(op);
    if (!mma || !addsFromBuffer(group, mma))
      continue;
    tt::BlockType type = mma.getResult().getType();
    Value acc = mma.getAcc();
    OpBuilder builder(mma);
    mma.getAccMutable().assign(tt::FillOp::create(
        builder, mma.getLoc(), type,
        cast<TypedAttr>(builder.getZeroAttr(type.getElement()))));
    builder.setInsertionPointAfter(mma);
    auto sum = tt::SfpuBinaryOp::create(
        builder, mma.getLoc(), type, tt::BinaryKind::Add, mma.getResult(), acc);
    mma.getResult().replaceAllUsesExcept(sum.getResult(), sum);
    if (Value carried = dataflow.carriedCBs.lookup(mma.getResult()))
      dataflow.carriedCBs[sum.getResult()] = carried;
    ops.push_back(sum);
  }
  group.ops = std::move(ops);
}

bool Fuser::addsFromBuffer(const Group &group, tt::MmaOp mma) const {
  return !contains(group, mma.getAcc()) &&
         !mma.getAcc().getDefiningOp<tt::FillOp>();
}

/// What two operations of the group compute alike is computed once, unless DST
/// cannot hold it from the first use to the last.
void Fuser::shareRepeated(Group &group) const {
  for (size_t i = 0; i < group.ops.size();) {
    Operation *op = group.ops[i];
    auto end = group.ops.begin() + i;
    auto same = std::find_if(group.ops.begin(), end, [&](Operation *other) {
      return op->getNumRegions() == 0 && isPure(op) &&
             OperationEquivalence::isEquivalentTo(
                 op, other, OperationEquivalence::IgnoreLocations);
    });
    bool isCarried = llvm::any_of(op->getResults(), [&](Value result) {
      return dataflow.carriedCBs.contains(result);
    });
    if (same == end || isCarried || !share(group, *same, i))
      ++i;
  }
}

/// Puts `first` in the place of the operation at `index`, where that fits.
bool Fuser::share(Group &group, Operation *first, size_t index) const {
  Operation *op = group.ops[index];
  SmallVector<std::pair<OpOperand *, Value>> uses;
  for (auto [old, shared] : llvm::zip(op->getResults(), first->getResults()))
    for (OpOperand &use : llvm::make_early_inc_range(old.getUses())) {
      uses.push_back({&use, old});
      use.set(shared);
    }
  Group without = group;
  without.ops.erase(without.ops.begin() + index);
  int64_t tiles = group.hasLoop ? group.rows * group.cols : 1;
  if (slots(without, nullptr) * tiles > dataflow.dstTiles) {
    for (auto [use, old] : uses)
      use->set(old);
    return false;
  }
  op->erase();
  group = std::move(without);
  return true;
}

/// The largest sub-block in which running sums can be made.
static tt::SubblockAttr chooseForSums(tt::CumsumOp op, int64_t capacity) {
  TileShape block = getBlockShape(op.getResult()), best;
  for (int64_t rows = 1; rows <= block.rows; ++rows)
    for (int64_t cols = 1; cols <= block.cols; ++cols) {
      TileShape shape = {rows, cols};
      if (block.rows % rows == 0 && block.cols % cols == 0 &&
          shape.tiles() <= capacity && shape.tiles() >= best.tiles() &&
          keepsRunningSums(op, shape))
        best = shape;
    }
  return tt::SubblockAttr::get(op.getContext(), best.rows, best.cols,
                               tt::SubblockRule::Sums);
}

LogicalResult Fuser::emit(Group &group) {
  splitAccumulators(group);
  shareRepeated(group);
  Operation *last = group.ops.back();
  OpBuilder builder(last->getContext());
  builder.setInsertionPointAfter(last);

  // One result for each tensor write and each carried buffer, one for all else.
  SmallVector<Value> yielded, outs;
  SmallVector<SmallVector<OpOperand *>> uses;
  for (Operation *op : group.ops) {
    for (Value result : op->getResults()) {
      SmallVector<OpOperand *> others;
      for (OpOperand &use : result.getUses()) {
        Operation *user = use.getOwner();
        if (llvm::is_contained(group.ops, user))
          continue;
        Value cb = tt::getOutgoingBuffer(use);
        if (!cb && isa<scf::YieldOp>(user))
          cb = dataflow.carriedCBs.lookup(result);
        if (!cb) {
          others.push_back(&use);
          continue;
        }
        yielded.push_back(result);
        outs.push_back(cb);
        uses.push_back({&use});
      }
      // Each list of uses that one circular buffer can serve gets one.
      for (SmallVector<OpOperand *> &list : splitByPrecision(result, others)) {
        SmallVector<tt::SpillAttr> spills;
        for (OpOperand *use : llvm::reverse(list)) // the first one first
          if (tt::SpillAttr why = explain(group, *use);
              !llvm::is_contained(spills, why))
            spills.push_back(why);
        Value cb = dataflow.createCB(
            nameOf(result), cast<tt::BlockType>(result.getType()), 1, spills);
        yielded.push_back(result);
        outs.push_back(cb);
        uses.push_back(std::move(list));
      }
    }
  }
  if (yielded.empty()) {
    // Nothing outside uses it: the operations are dead.
    for (Operation *op : llvm::reverse(group.ops))
      op->erase();
    return success();
  }

  // Formats of the same width next to each other, fp32 last: most blocks that
  // stay in the core are fp32, so the packer is set up for the next section.
  SmallVector<std::pair<unsigned, size_t>> order;
  for (auto [index, value] : llvm::enumerate(yielded)) {
    Type element = cast<tt::BlockType>(value.getType()).getElement();
    order.push_back({element.getIntOrFloatBitWidth(), index});
  }
  llvm::sort(order);
  auto permute = [&](auto &list) {
    auto old = list;
    for (auto [to, from] : llvm::enumerate(order))
      list[to] = old[from.second];
  };
  permute(yielded);
  permute(outs);
  permute(uses);

  SmallVector<Type> types =
      llvm::map_to_vector(yielded, [](Value value) { return value.getType(); });
  tt::SubblockAttr subblock =
      group.hasLoop ? tt::SubblockAttr::get(builder.getContext(), group.rows,
                                            group.cols, tt::SubblockRule::Block)
                    : chooseSubblock(builder.getContext(), group.rows,
                                     group.cols, slots(group, nullptr),
                                     dataflow.dstTiles, group.hasMatmul);
  for (Operation *op : group.ops)
    if (auto sums = dyn_cast<tt::CumsumOp>(op))
      subblock = chooseForSums(sums, dataflow.dstTiles / slots(group, nullptr));
  auto section = tt::SectionOp::create(builder, last->getLoc(), types,
                                       ValueRange{}, outs, subblock);
  Block *body = builder.createBlock(&section.getBody());
  for (auto [index, list] : llvm::enumerate(uses))
    for (OpOperand *use : list)
      use->set(section.getResult(index));
  for (Operation *op : group.ops)
    op->moveBefore(body, body->end());
  builder.setInsertionPointToEnd(body);
  tt::YieldOp::create(builder, last->getLoc(), yielded);
  sinkFills(section);
  return success();
}

LogicalResult DataflowBuilder::fuse() {
  // Innermost blocks first, sections and what they hold left alone.
  SmallVector<Block *> blocks;
  program.walk([&](Operation *op) {
    if (isa<tt::SectionOp>(op) || op->getParentOfType<tt::SectionOp>())
      return;
    if (auto loop = dyn_cast<scf::ForOp>(op);
        loop && loop.getNumResults() && isDstLoop(loop))
      return;
    for (Region &region : op->getRegions())
      for (Block &block : region)
        blocks.push_back(&block);
  });
  for (Block *block : blocks)
    if (failed(Fuser(*this, *block).run()))
      return failure();
  // Fills that only sections used have been cloned into them.
  program.walk([](tt::FillOp fill) {
    if (fill->use_empty())
      fill->erase();
  });
  return success();
}

} // namespace tilewright
