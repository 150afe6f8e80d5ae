//===- SizeBounds.cpp - Indices below what sizes decide -------------------===//
//
// A launch of ceildiv(m, 32) blocks over a tensor of m rows never leaves the
// tensor's rows of tiles, whatever m is. The least number that an index does
// not reach, as a product of expressions over sizes:
//
//   1. a counter of a loop from 0 or more: the upper bound of the loop; of the
//      loop over work items: the extents of the launch;
//   2. x % e: e;
//   3. x / e: what is left of the product for x without the factors of e.
//
// The index is below a limit that is the same expression.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/SizeBounds.h"

#include "compiler/Analysis/SizeExprs.h"
#include "compiler/Dialect/Metalium/Metalium.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace tilewright {

namespace {

using Factors = SmallVector<AffineExpr, 3>;

class Bounds {
public:
  explicit Bounds(MLIRContext *context) : sizes(context) {}

  std::optional<AffineExpr> read(Value value) { return sizes.read(value); }

  std::optional<Factors> of(Value index) {
    if (auto argument = dyn_cast<BlockArgument>(index)) {
      auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp());
      return loop && argument == loop.getInductionVar() ? ofCounter(loop)
                                                        : std::nullopt;
    }
    Operation *op = index.getDefiningOp();
    if (isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::MinUIOp>(op))
      return of(op->getOperand(0));
    if (isa<arith::RemUIOp>(op)) {
      std::optional<AffineExpr> by = read(op->getOperand(1));
      return by ? std::optional(Factors{*by}) : std::nullopt;
    }
    if (isa<arith::DivUIOp>(op))
      return ofQuotient(op->getOperand(0), op->getOperand(1));
    return std::nullopt;
  }

private:
  std::optional<Factors> ofCounter(scf::ForOp loop) {
    auto start = loop.getLowerBound().getDefiningOp<metalium::ArgOp>();
    auto program = loop->getParentOfType<metalium::ProgramOp>();
    if (start && start.getKind() == metalium::ArgKind::WorkStart) {
      auto work = program ? program.getWork() : std::nullopt;
      if (!work || !work->isDynamic())
        return std::nullopt;
      SmallVector<AffineExpr> symbols;
      for (StringRef name : work->getSizes().getAsValueRange<StringAttr>())
        symbols.push_back(sizes.getSymbol(name));
      Factors factors;
      for (AffineExpr extent : work->getExtents().getValue().getResults())
        factors.push_back(extent.replaceSymbols(symbols));
      return factors;
    }
    std::optional<int64_t> lower = getConstantIntValue(loop.getLowerBound());
    std::optional<AffineExpr> upper = read(loop.getUpperBound());
    return lower && *lower >= 0 && upper ? std::optional(Factors{*upper})
                                         : std::nullopt;
  }

  /// The factors of a product of sizes.
  bool addFactors(Value value, Factors &factors) {
    if (auto product = value.getDefiningOp<arith::MulIOp>())
      return addFactors(product.getLhs(), factors) &&
             addFactors(product.getRhs(), factors);
    std::optional<AffineExpr> expr = read(value);
    if (expr)
      factors.push_back(*expr);
    return expr.has_value();
  }

  std::optional<Factors> ofQuotient(Value x, Value by) {
    std::optional<Factors> rest = of(x);
    Factors taken;
    if (!rest || !addFactors(by, taken))
      return std::nullopt;
    for (AffineExpr factor : taken) {
      auto *found = llvm::find(*rest, factor);
      if (found == rest->end())
        return std::nullopt;
      rest->erase(found);
    }
    return rest;
  }

  SizeExprs sizes;
};

} // namespace

bool isBelowSize(Value index, Value limit) {
  Bounds bounds(index.getContext());
  std::optional<Factors> factors = bounds.of(index);
  std::optional<AffineExpr> wanted = bounds.read(limit);
  if (!factors || !wanted)
    return false;
  AffineExpr product = getAffineConstantExpr(1, index.getContext());
  for (AffineExpr factor : *factors)
    product = product * factor;
  return product == *wanted;
}

} // namespace tilewright
