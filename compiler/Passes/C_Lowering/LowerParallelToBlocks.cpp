//===- LowerParallelToBlocks.cpp - Parallel loops of pass C1 --------------===//
//
// A parallel loop on buffers becomes one on block values: what it loads are its
// inputs, with the way each is accessed, and what it stores are its results.
//
//   1. Classify the accesses (ParallelAccess.h); a load of what the body has
//      stored at the same place takes the stored scalar.
//   2. An input is the block of a buffer, or a block of a tensor that is read
//      for the loop.
//   3. A result becomes the new contents of a buffer, or is written to its
//      tensor.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/C_Lowering/BlockLowering.h"
#include "compiler/Passes/C_Lowering/GuardedStores.h"
#include "compiler/Passes/C_Lowering/HoistInvariants.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace tilewright;

static bool isDram(Value memref) { return tt::isTensor(memref); }

static bool samePlace(const ParallelAccess &a, const ParallelAccess &b) {
  return a.memref == b.memref && a.row == b.row && a.col == b.col &&
         a.outer == b.outer;
}

/// Whether two accesses never meet, in any iteration of their loop: one of
/// their dimensions starts a known distance apart, which is no less than they
/// take.
static bool areApart(const ParallelAccess &a, const ParallelAccess &b) {
  auto apart = [](const IndexExpr &x, int64_t sizeX, const IndexExpr &y,
                  int64_t sizeY) {
    std::optional<int64_t> distance = (x - y).getConstant();
    return distance && (*distance >= sizeY || -*distance >= sizeX);
  };
  return apart(a.row, a.region.rows, b.row, b.region.rows) ||
         apart(a.col, a.region.cols, b.col, b.region.cols);
}

/// On-chip buffers are touched as a whole: `access` covers the buffer, or the
/// one row, column or element that a broadcast takes.
static LogicalResult checkCoversBuffer(const ParallelAccess &access,
                                       bool isStore) {
  auto type = cast<MemRefType>(access.memref.getType());
  PlaneExtents buffer =
      getPlaneExtents(type.getShape(), getLayout(access.memref));
  bool atStart =
      access.row.isZero() && access.col.isZero() &&
      llvm::all_of(access.outer, [](const IndexExpr &e) { return e.isZero(); });
  auto fits = [&](int64_t region, int64_t extent) {
    return region == extent ||
           (!isStore && region == 1 && extent <= tt::kTileDim);
  };
  int64_t planes = type.getNumElements() / (buffer.rows * buffer.cols);
  if (atStart && planes == 1 && fits(access.region.rows, buffer.rows) &&
      fits(access.region.cols, buffer.cols))
    return success();
  std::string name = getBufferName(access.memref);
  InFlightDiagnostic diag = emitCoded(access.op, Code::PartialBuffer);
  diag << "T.Parallel " << (isStore ? "writes" : "reads") << " only a part of "
       << name << " (" << access.region.rows << " by " << access.region.cols
       << " of " << buffer.rows << " by " << buffer.cols << ")";
  diag.attachNote() << "fix: give the loop the extents of " << name
                    << ", or use a buffer of the size of the part";
  return diag;
}

LogicalResult BlockLowering::checkLoads(tile::ParallelOp loop,
                                        const ParallelAnalysis &analysis) {
  for (const ParallelAccess &load : analysis.getLoads()) {
    for (const ParallelAccess &store : analysis.getStores()) {
      if (load.memref != store.memref ||
          (load.kind == tt::AccessKind::Same && samePlace(load, store)) ||
          (!isDram(load.memref) && areApart(load, store)))
        continue;
      if (isDram(load.memref) && !samePlace(load, store)) {
        std::string name = getBufferName(load.memref);
        InFlightDiagnostic diag = emitCoded(load.op, Code::TensorHazard);
        diag << "a block of " << name << " is read here, and another one of "
             << name << " is written in this loop";
        diag.attachNote(store.op->getLoc()) << "written here";
        diag.attachNote() << "fix: keep the block in an on-chip buffer, or use "
                             "another tensor";
        return diag;
      }
      InFlightDiagnostic diag = emitCoded(load.op, Code::ParallelRace);
      diag << "T.Parallel: an element of " << getBufferName(load.memref)
           << " is read that another iteration writes";
      diag.attachNote(store.op->getLoc()) << "written here";
      diag.attachNote() << "fix: use two loops, or write to another buffer";
      return diag;
    }
  }
  return success();
}

LogicalResult BlockLowering::lower(tile::ParallelOp loop) {
  if (loop.isByElement()) {
    if (failed(replaceScalarLoads(loop)))
      return failure();
    return loop.isOnChip()     ? lowerOnChip(loop)
           : loop.getGathers() ? lowerGather(loop)
                               : lowerScatter(loop);
  }
  std::vector<GuardedStore> guarded = flattenBranches(loop);
  hoistIndices(loop);
  if (failed(replaceScalarLoads(loop)))
    return failure();
  ParallelAnalysis analysis;
  if (failed(analysis.analyze(loop)))
    return failure();
  builder.setInsertionPoint(loop);
  if (failed(cutWrites(builder, loop, analysis, guarded)))
    return failure();
  analysis = {};
  if (failed(analysis.analyze(loop)) || failed(checkLoads(loop, analysis)))
    return failure();
  if (analysis.getStores().empty()) {
    loop.erase();
    return success();
  }
  Location loc = loop.getLoc();

  // Inputs: one argument for each different block and way of access.
  struct Input {
    ParallelAccess access;
    Value block;
  };
  std::vector<Input> inputs;
  llvm::DenseMap<Operation *, unsigned> inputOf;
  int64_t depth = stages.empty() ? 2 : stages.back();
  llvm::DenseMap<Operation *, const ParallelAccess *> accessOf;
  for (const ParallelAccess &load : analysis.getLoads())
    accessOf[load.op] = &load;
  for (const ParallelAccess &store : analysis.getStores())
    accessOf[store.op] = &store;

  /// Stores so far, latest value each; and loads that take one of them.
  SmallVector<std::pair<const ParallelAccess *, Value>> stored;
  llvm::DenseMap<Operation *, Value> forwarded;
  for (Operation &op : loop.getBody().front()) {
    auto found = accessOf.find(&op);
    if (found == accessOf.end())
      continue;
    const ParallelAccess &access = *found->second;
    auto *slot = llvm::find_if(
        stored, [&](auto &entry) { return samePlace(*entry.first, access); });
    if (auto store = dyn_cast<memref::StoreOp>(op)) {
      if (slot == stored.end())
        stored.push_back({&access, store.getValueToStore()});
      else
        slot->second = store.getValueToStore();
      if (!isDram(access.memref) && failed(checkCoversBuffer(access, true)))
        return failure();
      continue;
    }
    if (slot != stored.end()) {
      forwarded[&op] = slot->second;
      continue;
    }
    Value block;
    if (isDram(access.memref)) {
      auto same = llvm::find_if(inputs, [&](const Input &input) {
        return samePlace(input.access, access) &&
               input.access.kind == access.kind;
      });
      if (same != inputs.end()) {
        inputOf[&op] = same - inputs.begin();
        continue;
      }
      FailureOr<TensorRegion> region =
          getRegion(&op, "T.Parallel", access.memref, access.region, access.row,
                    access.col, access.outer, /*isWrite=*/false);
      if (failed(region))
        return failure();
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPoint(loop);
      block = createRead(&op, *region, getBufferName(access.memref), depth);
    } else {
      if (failed(checkCoversBuffer(access, false)))
        return failure();
      FailureOr<Value> value = read(access.memref, &op);
      if (failed(value))
        return failure();
      block = *value;
    }
    if (access.turned) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPoint(loop);
      block = turn(op.getLoc(), block);
    }
    auto same = llvm::find_if(inputs, [&](const Input &input) {
      return input.block == block && input.access.kind == access.kind;
    });
    inputOf[&op] = same - inputs.begin();
    if (same == inputs.end())
      inputs.push_back({access, block});
  }

  // The operation in value form.
  SmallVector<Value> operands;
  SmallVector<Attribute> kinds;
  for (const Input &input : inputs) {
    operands.push_back(input.block);
    kinds.push_back(
        tt::AccessKindAttr::get(builder.getContext(), input.access.kind));
  }
  SmallVector<Type> results;
  for (auto &[access, value] : stored)
    results.push_back(getBlockType(analysis.getSpace(), value.getType()));
  builder.setInsertionPoint(loop);
  // Said only where it is not the last two indices.
  int64_t rank = loop.getExtents().size();
  auto [rowIndex, colIndex] = analysis.getPlane();
  DenseI64ArrayAttr plane;
  if (colIndex != rank - 1 || rowIndex != std::max<int64_t>(rank - 2, -1))
    plane = builder.getDenseI64ArrayAttr({rowIndex, colIndex});
  auto parallel =
      tt::ParallelOp::create(builder, loc, results, loop.getExtents(), plane,
                             operands, builder.getArrayAttr(kinds));
  IRMapping mapping;
  {
    OpBuilder::InsertionGuard guard(builder);
    Block *body = builder.createBlock(&parallel.getBody());
    for (BlockArgument index : loop.getBody().getArguments())
      mapping.map(index, body->addArgument(index.getType(), index.getLoc()));
    SmallVector<Value> scalars;
    for (const Input &input : inputs)
      scalars.push_back(body->addArgument(
          cast<tt::BlockType>(input.block.getType()).getElement(),
          input.access.op->getLoc()));
    for (Operation &op : loop.getBody().front()) {
      if (isa<memref::StoreOp>(op))
        continue;
      if (isa<memref::LoadOp>(op)) {
        Value scalar = forwarded.contains(&op)
                           ? mapping.lookupOrDefault(forwarded[&op])
                           : scalars[inputOf.lookup(&op)];
        mapping.map(op.getResult(0), scalar);
        continue;
      }
      builder.clone(op, mapping);
    }
    SmallVector<Value> yields;
    for (auto &[access, value] : stored)
      yields.push_back(mapping.lookupOrDefault(value));
    tt::YieldOp::create(builder, loc, yields);
  }
  for (auto [entry, result] : llvm::zip(stored, parallel.getResults())) {
    const ParallelAccess &access = *entry.first;
    Value block = access.turned ? turn(access.op->getLoc(), result) : result;
    if (!isDram(access.memref)) {
      write(access.memref, block);
      continue;
    }
    FailureOr<TensorRegion> region =
        getRegion(access.op, "T.Parallel", access.memref, access.region,
                  access.row, access.col, access.outer, /*isWrite=*/true);
    if (failed(region))
      return failure();
    auto cut = llvm::find_if(guarded, [&](const GuardedStore &guard) {
      return guard.store == access.op && guard.isCut();
    });
    if (cut != guarded.end()) {
      region->inElements = true;
      region->row = access.row;
      region->col = access.col;
      region->rowLimit = cut->rowLimit;
      region->colLimit = cut->colLimit;
    }
    createWrite(access.op, *region, block, getBufferName(access.memref), 2);
  }
  loop.erase();
  return success();
}
