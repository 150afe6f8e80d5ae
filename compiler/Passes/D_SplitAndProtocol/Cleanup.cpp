//===- Cleanup.cpp - Removal of what nothing needs -------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/Cleanup.h"

#include "compiler/Analysis/IndexRange.h"
#include "compiler/Dialect/TT/TT.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Iterators.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tilewright;

namespace {

/// A read or a section whose results nobody uses.
template <typename OpTy> struct DropUnused : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (!op->use_empty())
      return failure();
    rewriter.eraseOp(op);
    return success();
  }
};

/// x % n = x and x / n = 0 where x is below n.
struct RemainderOfSmall : OpRewritePattern<arith::RemUIOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::RemUIOp op,
                                PatternRewriter &rewriter) const override {
    auto value = getIndexRange(op.getLhs()), modulus = getIndexRange(op.getRhs());
    if (!value || !modulus || value->min < 0 || value->max >= modulus->min)
      return failure();
    rewriter.replaceOp(op, op.getLhs());
    return success();
  }
};

struct QuotientOfSmall : OpRewritePattern<arith::DivUIOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::DivUIOp op,
                                PatternRewriter &rewriter) const override {
    auto value = getIndexRange(op.getLhs()), divisor = getIndexRange(op.getRhs());
    if (!value || !divisor || value->min < 0 || value->max >= divisor->min)
      return failure();
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(
        op, rewriter.getZeroAttr(op.getType()));
    return success();
  }
};

} // namespace

static void run(Operation *scope, RewritePatternSet patterns) {
  MLIRContext *context = scope->getContext();
  scf::ForOp::getCanonicalizationPatterns(patterns, context);
  scf::IfOp::getCanonicalizationPatterns(patterns, context);
  for (RegisteredOperationName op :
       context->getRegisteredOperationsByDialect(
           arith::ArithDialect::getDialectNamespace()))
    op.getCanonicalizationPatterns(patterns, context);
  GreedyRewriteConfig config;
  config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
  // Not reaching a fixed point leaves correct IR behind.
  (void)applyPatternsGreedily(scope, std::move(patterns), config);
}

void tilewright::dropUnusedBlocks(Operation *program) {
  RewritePatternSet patterns(program->getContext());
  patterns.add<DropUnused<tt::ReadToCBOp>, DropUnused<tt::SectionOp>>(
      program->getContext());
  run(program, std::move(patterns));
}

void tilewright::simplifyIndices(Operation *kernel) {
  RewritePatternSet patterns(kernel->getContext());
  patterns.add<RemainderOfSmall, QuotientOfSmall>(kernel->getContext());
  run(kernel, std::move(patterns));
}

void tilewright::eraseUnused(Region &region) {
  Operation *kernel = region.getParentOp();
  kernel->walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
    if (isOpTriviallyDead(op))
      op->erase();
  });
}
