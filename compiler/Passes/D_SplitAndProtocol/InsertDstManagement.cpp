//===- InsertDstManagement.cpp - Pass D5: sections become loops with DST --===//
//
//   1. Each section is expanded in front of itself (SectionExpander): loops
//      over sub-blocks; in each acquire, the calls of the operations in order,
//      commit, wait, the packs, release.
//   2. Loops stop carrying blocks: what they carried is in DST or in L1.
//   3. Sections, receives and fills go. A tt operation that is left is an
//      error.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/InsertDstManagement.h"

#include "compiler/Passes/D_SplitAndProtocol/Cleanup.h"
#include "compiler/Passes/D_SplitAndProtocol/Passes.h"
#include "compiler/Support/Codes/StageD.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace tilewright;
using namespace tilewright::metalium;

namespace tilewright {
#define GEN_PASS_DEF_INSERTDSTMANAGEMENT
#include "compiler/Passes/D_SplitAndProtocol/Passes.h.inc"
} // namespace tilewright

/// Rebuilds `loop` without the blocks that it carries. Where a block was
/// carried, uses see the block that the loop started from.
static void dropCarriedBlocks(scf::ForOp loop) {
  auto isBlock = [](Value value) {
    return isa<tt::BlockType>(value.getType());
  };
  if (llvm::none_of(loop.getInitArgs(), isBlock))
    return;
  OpBuilder builder(loop);
  SmallVector<Value> inits;
  for (Value init : loop.getInitArgs())
    if (!isBlock(init))
      inits.push_back(init);
  auto lean = scf::ForOp::create(builder, loop.getLoc(), loop.getLowerBound(),
                                 loop.getUpperBound(), loop.getStep(), inits);
  SmallVector<Value> yields;
  for (Value value : loop.getYieldedValues())
    if (!isBlock(value))
      yields.push_back(value);
  lean.getBody()->getOperations().clear();
  lean.getBody()->getOperations().splice(lean.getBody()->end(),
                                         loop.getBody()->getOperations());
  loop.getInductionVar().replaceAllUsesWith(lean.getInductionVar());
  unsigned kept = 0;
  for (auto [init, arg, result] : llvm::zip(
           loop.getInitArgs(), loop.getRegionIterArgs(), loop.getResults())) {
    if (isBlock(init)) {
      arg.replaceAllUsesWith(init);
      result.replaceAllUsesWith(init);
      continue;
    }
    arg.replaceAllUsesWith(lean.getRegionIterArgs()[kept]);
    result.replaceAllUsesWith(lean.getResult(kept));
    ++kept;
  }
  auto yield = cast<scf::YieldOp>(lean.getBody()->getTerminator());
  yield.getResultsMutable().assign(yields);
  loop.erase();
}

namespace {
struct InsertDstManagement
    : tilewright::impl::InsertDstManagementBase<InsertDstManagement> {
  void runOnOperation() override {
    WalkResult result = getOperation()->walk([&](KernelOp kernel) {
      if (kernel.getRole() != KernelRole::Compute)
        return WalkResult::advance();
      return failed(run(kernel)) ? WalkResult::interrupt()
                                 : WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }

  LogicalResult run(KernelOp kernel) {
    SmallVector<tt::SectionOp> sections;
    kernel.walk([&](tt::SectionOp section) { sections.push_back(section); });
    SmallVector<Attribute> uses;
    for (tt::SectionOp section : sections) {
      uses.push_back(describeSection(section));
      if (failed(expandSection(section)))
        return failure();
    }
    if (!uses.empty())
      kernel.setDstSectionsAttr(ArrayAttr::get(kernel.getContext(), uses));
    SmallVector<scf::ForOp> loops;
    kernel.walk<WalkOrder::PostOrder>(
        [&](scf::ForOp loop) { loops.push_back(loop); });
    for (scf::ForOp loop : loops)
      dropCarriedBlocks(loop);
    makeConditions(kernel);
    eraseDone(kernel);
    return reportLeft(kernel);
  }

  /// Removes tt operations that nothing uses any more, users first.
  void eraseDone(KernelOp kernel) {
    SmallVector<Operation *> ops;
    kernel.walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isa<tt::SectionOp, tt::ReceiveOp, tt::FillOp>(op) &&
          !op->getParentOfType<tt::SectionOp>())
        ops.push_back(op);
    });
    for (Operation *op : llvm::reverse(ops))
      if (op->use_empty())
        op->erase();
    // Folded index arithmetic leaves constants behind.
    kernel.walk([](arith::ConstantOp op) {
      if (op->use_empty())
        op->erase();
    });
  }

  LogicalResult reportLeft(KernelOp kernel) {
    WalkResult result = kernel.walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (!isa<tt::TTDialect>(op->getDialect()))
        return WalkResult::advance();
      emitCoded(op, Code::TileOpLeft)
          << "'" << op->getName()
          << "' is left in a compute kernel; tt-insert-dst-management expands "
             "sections only";
      return WalkResult::interrupt();
    });
    return failure(result.wasInterrupted());
  }
};
} // namespace
