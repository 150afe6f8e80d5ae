//===- NonNegative.cpp - Which index values cannot be negative ------------===//
//
// Emitted arithmetic is unsigned. A signed comparison or division prints
// without casts exactly where both operands are known not to be negative:
//   1. constants by their value;
//   2. what TT-Metalium calls return (addresses, counts, arguments), except
//      words of memory;
//   3. loop variables whose lower bound is not negative, and loop-carried
//      values whose start is not and whose next value is not if they are not;
//   4. sums, products, quotients, remainders, minima, maxima, selections and
//      bit operations of such values. A difference is not known to be one.
//
//===----------------------------------------------------------------------===//

#include "compiler/Target/Kernel/Expressions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tilewright;

namespace {
/// Evaluates the rules; a value under evaluation counts as not negative, which
/// is the induction hypothesis of rule 3.
struct NonNegative {
  llvm::SmallDenseSet<Value> assumed;

  bool check(Value value) {
    APInt constant;
    if (matchPattern(value, m_ConstantInt(&constant)))
      return !constant.isNegative();
    if (!assumed.insert(value).second)
      return true;
    if (auto argument = dyn_cast<BlockArgument>(value))
      return checkArgument(argument);
    Operation *op = value.getDefiningOp();
    if (isa<metalium::L1LoadU32Op, metalium::ReadTileValueOp>(op))
      return false;
    if (isa<metalium::MetaliumCallOpInterface>(op))
      return true;
    if (isa<arith::RemUIOp, arith::DivUIOp, arith::CeilDivUIOp, arith::ShRUIOp,
            arith::MinUIOp, arith::MaxUIOp, arith::ExtUIOp>(op))
      return checkAll(op->getOperands());
    if (isa<arith::AddIOp, arith::MulIOp, arith::DivSIOp, arith::RemSIOp,
            arith::FloorDivSIOp, arith::CeilDivSIOp, arith::ShLIOp,
            arith::MinSIOp, arith::OrIOp, arith::XOrIOp, arith::IndexCastOp,
            arith::IndexCastUIOp, arith::ExtSIOp>(op))
      return checkAll(op->getOperands());
    if (isa<arith::MaxSIOp, arith::AndIOp>(op)) {
      // What the first side assumed must not count if it fails.
      NonNegative first = *this;
      return first.check(op->getOperand(0)) || check(op->getOperand(1));
    }
    if (auto select = dyn_cast<arith::SelectOp>(op))
      return check(select.getTrueValue()) && check(select.getFalseValue());
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      unsigned index = cast<OpResult>(value).getResultNumber();
      return check(loop.getRegionIterArg(index));
    }
    if (auto branch = dyn_cast<scf::IfOp>(op)) {
      unsigned index = cast<OpResult>(value).getResultNumber();
      return check(branch.thenYield().getOperand(index)) &&
             check(branch.elseYield().getOperand(index));
    }
    return false;
  }

  bool checkArgument(BlockArgument argument) {
    auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp());
    if (!loop)
      return false;
    if (argument == loop.getInductionVar())
      return check(loop.getLowerBound());
    return check(loop.getTiedLoopInit(argument)->get()) &&
           check(loop.getTiedLoopYieldedValue(argument)->get());
  }

  bool checkAll(OperandRange operands) {
    return llvm::all_of(operands, [&](Value value) { return check(value); });
  }
};
} // namespace

bool tilewright::isNonNegative(Value value) {
  return NonNegative{}.check(value);
}
