//===- Cleanup.cpp - Removal of what nothing needs ------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/Cleanup.h"

#include "compiler/Analysis/IndexRange.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Support/Diagnostics.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Iterators.h"
#include "mlir/IR/Matchers.h"
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

/// Results of a section that nobody uses, and the same value put into the same
/// circular buffer twice: its users share one.
struct DropResults : OpRewritePattern<tt::SectionOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tt::SectionOp op,
                                PatternRewriter &rewriter) const override {
    Operation *yield = op.getBody().front().getTerminator();
    SmallVector<Type> types;
    SmallVector<Value> outs, yielded;
    SmallVector<std::optional<unsigned>> place(op.getNumResults());
    for (unsigned i = 0; i < op.getNumResults(); ++i) {
      if (op.getResult(i).use_empty())
        continue;
      for (unsigned j = 0; j < outs.size(); ++j)
        if (outs[j] == op.getOuts()[i] && yielded[j] == yield->getOperand(i))
          place[i] = j;
      if (place[i])
        continue;
      place[i] = outs.size();
      types.push_back(op.getResult(i).getType());
      outs.push_back(op.getOuts()[i]);
      yielded.push_back(yield->getOperand(i));
    }
    if (outs.size() == op.getNumResults() || outs.empty() ||
        !op.getPrevious().empty())
      return failure();
    auto copy = tt::SectionOp::create(rewriter, op.getLoc(), types,
                                      ValueRange{}, outs, op.getSubblock());
    rewriter.modifyOpInPlace(yield, [&] { yield->setOperands(yielded); });
    rewriter.inlineRegionBefore(op.getBody(), copy.getBody(),
                                copy.getBody().end());
    for (auto [result, index] : llvm::zip(op.getResults(), place))
      if (index)
        rewriter.replaceAllUsesWith(result, copy.getResult(*index));
    rewriter.eraseOp(op);
    return success();
  }
};

/// x % n = x and x / n = 0 where x is below n.
struct RemainderOfSmall : OpRewritePattern<arith::RemUIOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::RemUIOp op,
                                PatternRewriter &rewriter) const override {
    auto value = getIndexRange(op.getLhs()),
         modulus = getIndexRange(op.getRhs());
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
    auto value = getIndexRange(op.getLhs()),
         divisor = getIndexRange(op.getRhs());
    if (!value || !divisor || value->min < 0 || value->max >= divisor->min)
      return failure();
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(
        op, rewriter.getZeroAttr(op.getType()));
    return success();
  }
};

/// A loop of one iteration or none is a condition; tt-lower-shared-to-cb makes
/// such loops while conditions carry blocks.
struct ConditionOfLoop : OpRewritePattern<scf::ForOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(scf::ForOp loop,
                                PatternRewriter &rewriter) const override {
    auto count = loop.getUpperBound().getDefiningOp<arith::IndexCastUIOp>();
    if (!count || !count.getIn().getType().isInteger(1) ||
        !matchPattern(loop.getLowerBound(), m_Zero()) ||
        !matchPattern(loop.getStep(), m_One()) || loop.getNumResults() != 0 ||
        !loop.getInductionVar().use_empty())
      return failure();
    auto branch =
        scf::IfOp::create(rewriter, loop.getLoc(), count.getIn(), false);
    Operation *yield = branch.thenBlock()->getTerminator();
    Operation *end = loop.getBody()->getTerminator();
    rewriter.eraseOp(end);
    rewriter.inlineBlockBefore(loop.getBody(), yield,
                               ValueRange{loop.getLowerBound()});
    rewriter.eraseOp(loop);
    return success();
  }
};

} // namespace

static void run(Operation *scope, RewritePatternSet patterns) {
  MLIRContext *context = scope->getContext();
  patterns.add<ConditionOfLoop>(context);
  scf::ForOp::getCanonicalizationPatterns(patterns, context);
  scf::IfOp::getCanonicalizationPatterns(patterns, context);
  for (RegisteredOperationName op : context->getRegisteredOperationsByDialect(
           arith::ArithDialect::getDialectNamespace()))
    op.getCanonicalizationPatterns(patterns, context);
  GreedyRewriteConfig config;
  config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
  // Not reaching a fixed point leaves correct IR behind.
  (void)applyPatternsGreedily(scope, std::move(patterns), config);
}

void tilewright::dropUnusedBlocks(Operation *program) {
  RewritePatternSet patterns(program->getContext());
  patterns.add<DropUnused<tt::ReadToCBOp>, DropUnused<tt::RampToCBOp>,
               DropUnused<tt::GatherToCBOp>, DropUnused<tt::MoveElementsOp>,
               DropUnused<tt::SectionOp>, DropResults>(program->getContext());
  run(program, std::move(patterns));
}

/// Sums and products that have no name in the source.
static bool isUnnamedSum(Value value) {
  Operation *op = value.getDefiningOp();
  return isa_and_nonnull<arith::AddIOp, arith::SubIOp, arith::MulIOp>(op) &&
         getSourceName(op->getLoc()).empty();
}

/// Sums and products in the expression behind `value`, up to what has a name.
static unsigned countOperators(Value value) {
  if (!isUnnamedSum(value))
    return 0;
  unsigned count = 1;
  for (Value operand : value.getDefiningOp()->getOperands())
    count += countOperators(operand);
  return count;
}

/// Repeats short expressions that have no name where they are used, so that the
/// text shows `k * 2 + c` and no variable that the program does not have.
static void repeatShortExpressions(Operation *kernel) {
  constexpr unsigned longest = 2;
  kernel->walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
    if (op->getNumResults() != 1 || !isUnnamedSum(op->getResult(0)) ||
        countOperators(op->getResult(0)) > longest)
      return;
    OpBuilder builder(op);
    for (OpOperand &use : llvm::make_early_inc_range(op->getUses())) {
      if (op->hasOneUse())
        break;
      builder.setInsertionPoint(use.getOwner());
      use.set(builder.clone(*op)->getResult(0));
    }
  });
}

/// The first step towards a block id, `item / 8` of `item / 8 % 4`, has the
/// id's name too; only the id keeps it.
static void unnameSteps(Operation *kernel) {
  kernel->walk([](arith::DivUIOp op) {
    auto name = dyn_cast<NameLoc>(op.getLoc());
    if (!name || !op->hasOneUse())
      return;
    Operation *user = *op->user_begin();
    if (isa<arith::RemUIOp>(user) &&
        getSourceName(user->getLoc()) == name.getName())
      op->setLoc(name.getChildLoc());
  });
}

void tilewright::simplifyIndices(Operation *kernel) {
  RewritePatternSet patterns(kernel->getContext());
  patterns.add<RemainderOfSmall, QuotientOfSmall>(kernel->getContext());
  run(kernel, std::move(patterns));
  unnameSteps(kernel);
  repeatShortExpressions(kernel);
}

void tilewright::makeConditions(Operation *kernel) {
  SmallVector<scf::ForOp> loops; // inner ones first
  kernel->walk([&](scf::ForOp loop) { loops.push_back(loop); });
  PatternRewriter rewriter(kernel->getContext());
  ConditionOfLoop pattern(kernel->getContext());
  for (scf::ForOp loop : loops) {
    rewriter.setInsertionPoint(loop);
    (void)pattern.matchAndRewrite(loop, rewriter);
  }
}

void tilewright::eraseUnused(Region &region) {
  Operation *kernel = region.getParentOp();
  kernel->walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
    if (isOpTriviallyDead(op))
      op->erase();
  });
}
