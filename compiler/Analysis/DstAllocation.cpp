//===- DstAllocation.cpp - Which DST tiles hold which block ---------------===//

#include "compiler/Analysis/DstAllocation.h"

using namespace mlir;

namespace tilewright {

/// More than any section takes; D4 compares the need with the real capacity.
static constexpr unsigned kPlanTiles = 4096;

TileShape getBlockShape(Value block) {
  auto type = cast<tt::BlockType>(block.getType());
  return {type.getRows(), type.getCols()};
}

TileShape getSectionShape(tt::SectionOp section) {
  return getBlockShape(section.getResult(0));
}

TileShape getPart(Value block, TileShape section, TileShape shape) {
  TileShape full = getBlockShape(block);
  return {std::max<int64_t>(1, full.rows * shape.rows / section.rows),
          std::max<int64_t>(1, full.cols * shape.cols / section.cols)};
}

/// The block whose tiles `block` is: casts that change nothing are seen
/// through.
static Value getRoot(Value block) {
  while (Operation *def = block.getDefiningOp()) {
    if (!isAlias(def))
      break;
    block = def->getOperand(0);
  }
  return block;
}

/// Users of the tiles of `root`, under all names.
static void collectUsers(Value root, SmallVectorImpl<Operation *> &users) {
  for (Operation *user : root.getUsers()) {
    if (isAlias(user))
      collectUsers(user->getResult(0), users);
    else
      users.push_back(user);
  }
}

bool isLastUse(Value block, Operation *user) {
  block = getRoot(block);
  SmallVector<Operation *> users;
  collectUsers(block, users);
  for (Operation *other : users) {
    Operation *same = block.getParentBlock()->findAncestorOpInBlock(*user);
    Operation *next = block.getParentBlock()->findAncestorOpInBlock(*other);
    if (!same || !next || same != user)
      return false;
    if (user->isBeforeInBlock(next))
      return false;
  }
  return true;
}

Value getInPlaceOperand(Operation *op) {
  if (isa<tt::SfpuUnaryOp, tt::SfpuScalarOp, tt::SfpuIntScalarOp,
          tt::SfpuReduceOp, tt::CumsumOp>(op))
    return op->getOperand(0);
  if (auto transpose = dyn_cast<tt::TransposeOp>(op))
    return transpose.isInDst() ? transpose.getOperand() : Value();
  if (auto cast = dyn_cast<tt::CastOp>(op))
    return isLoad(op) || isAlias(op) ? Value() : cast.getOperand();
  if (auto mma = dyn_cast<tt::MmaOp>(op))
    return mma.getAcc();
  return {};
}

bool keepsRunningSums(tt::CumsumOp op, TileShape shape) {
  TileShape block = getBlockShape(op.getResult());
  return op.getDim() == tt::ReduceDim::Col
             ? shape.rows == block.rows || shape.cols == 1
             : shape.cols == block.cols || shape.rows == 1;
}

DstAllocation::DstAllocation(tt::SectionOp op, TileShape shape)
    : section(getSectionShape(op)), shape(shape), used(kPlanTiles),
      written(kPlanTiles) {
  visit(op.getBody().front());
}

int64_t DstAllocation::allocate(int64_t count, bool fresh) {
  int64_t first = 0;
  for (int64_t i = 0; i - first < count; ++i) {
    if (i >= kPlanTiles)
      return highWater = kPlanTiles;
    if (used[i] || (fresh && written[i]))
      first = i + 1;
  }
  used.set(first, first + count);
  written.set(first, first + count);
  highWater = std::max(highWater, first + count);
  return first;
}

void DstAllocation::release(Value block) {
  auto found = tiles.find(block);
  if (found != tiles.end())
    used.reset(found->second, found->second + size(block));
}

void DstAllocation::releaseOperands(Operation *op) {
  for (Value operand : op->getOperands())
    if (isa<tt::BlockType>(operand.getType()) && isLastUse(operand, op))
      release(operand);
}

void DstAllocation::visit(Block &block) {
  for (Operation &op : block)
    visit(op);
}

void DstAllocation::visit(Operation &op) {
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return visitLoop(loop);
  if (op.getNumResults() != 1 || isa<tt::ReceiveOp>(op) ||
      !isa<tt::BlockType>(op.getResult(0).getType()))
    return;
  Value result = op.getResult(0);
  if (isAlias(&op) && contains(op.getOperand(0))) {
    tiles[result] = tiles.lookup(op.getOperand(0));
    return;
  }
  if (Value inPlace = getInPlaceOperand(&op); inPlace && contains(inPlace)) {
    if (!isLastUse(inPlace, &op))
      conflict = &op;
    tiles[result] = tiles.lookup(inPlace);
    return;
  }
  if (isa<tt::SfpuBinaryOp, tt::WhereOp>(op)) {
    for (Value operand : op.getOperands()) {
      if (!contains(operand) || !isLastUse(operand, &op))
        continue;
      releaseOperands(&op);
      tiles[result] = tiles.lookup(operand);
      used.set(getTile(operand), getTile(operand) + size(operand));
      return;
    }
  }
  auto fill = dyn_cast<tt::FillOp>(op);
  bool fresh = isa<tt::FpuOp, tt::MmaOp>(op) || (fill && isImplicitZero(fill));
  tiles[result] = allocate(size(result), fresh);
  if (isa<tt::FoldOp>(op)) {
    int64_t temporary = allocate(1, /*fresh=*/false);
    temporaries[&op] = temporary;
    used.reset(temporary);
  }
  releaseOperands(&op);
  if (result.use_empty())
    release(result);
}

void DstAllocation::visitLoop(scf::ForOp loop) {
  for (auto [init, arg] :
       llvm::zip(loop.getInitArgs(), loop.getRegionIterArgs()))
    if (contains(init)) {
      if (!isLastUse(init, loop))
        conflict = loop;
      tiles[arg] = tiles.lookup(init);
    }
  visit(*loop.getBody());
  for (auto [arg, yielded, result] :
       llvm::zip(loop.getRegionIterArgs(), loop.getYieldedValues(),
                 loop.getResults())) {
    if (!contains(arg))
      continue;
    if (!contains(yielded) || tiles.lookup(yielded) != tiles.lookup(arg))
      conflict = loop;
    tiles[result] = tiles.lookup(arg);
  }
  for (auto &[value, tile] : tiles)
    if (value.getParentBlock() != loop.getBody() && isLastUse(value, loop) &&
        !llvm::is_contained(loop.getInitArgs(), value))
      if (llvm::any_of(value.getUsers(), [&](Operation *user) {
            return loop->isProperAncestor(user);
          }))
        release(value);
}

} // namespace tilewright
