//===- SizeExprs.cpp - Index arithmetic on sizes as expressions -----------===//

#include "compiler/Analysis/SizeExprs.h"

#include "compiler/Analysis/IndexArithmetic.h"
#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/TT/TT.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tilewright;

/// (e + (c - 1)) floordiv c is e ceildiv c.
static AffineExpr divide(AffineExpr a, int64_t by) {
  auto sum = dyn_cast<AffineBinaryOpExpr>(a);
  if (sum && sum.getKind() == AffineExprKind::Add)
    if (auto rest = dyn_cast<AffineConstantExpr>(sum.getRHS());
        rest && rest.getValue() == by - 1)
      return sum.getLHS().ceilDiv(by);
  return a.floorDiv(by);
}

AffineExpr SizeExprs::getSymbol(StringRef name) {
  auto *found = llvm::find(names, name);
  unsigned position = found - names.begin();
  if (found == names.end())
    names.push_back(name);
  return getAffineSymbolExpr(position, context);
}

std::optional<AffineExpr> SizeExprs::read(Value value) {
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return getAffineConstantExpr(constant.getSExtValue(), context);
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  if (auto size = dyn_cast<tt::SizeOp>(op))
    return getSymbol(size.getName());
  if (auto arg = dyn_cast<metalium::ArgOp>(op))
    return arg.getKind() == metalium::ArgKind::Size
               ? std::optional(getSymbol(arg.getName()))
               : std::nullopt;
  if (isa<arith::IndexCastOp, arith::IndexCastUIOp>(op))
    return read(op->getOperand(0));
  std::optional<IndexOperation> operation = getIndexOperation(op);
  if (!operation)
    return std::nullopt;
  std::optional<AffineExpr> a = read(op->getOperand(0));
  std::optional<AffineExpr> b = read(op->getOperand(1));
  if (!a || !b)
    return std::nullopt;
  switch (*operation) {
  case IndexOperation::Add:
    return *a + *b;
  case IndexOperation::Sub:
    return *a - *b;
  case IndexOperation::Mul:
    return *a * *b;
  case IndexOperation::Min:
  case IndexOperation::Max:
    return std::nullopt;
  case IndexOperation::Div:
  case IndexOperation::CeilDiv:
  case IndexOperation::Rem:
    break;
  }
  auto by = dyn_cast<AffineConstantExpr>(*b);
  if (!by || by.getValue() < 1)
    return std::nullopt;
  if (*operation == IndexOperation::CeilDiv)
    return a->ceilDiv(by.getValue());
  if (*operation == IndexOperation::Rem)
    return *a % by.getValue();
  return divide(*a, by.getValue());
}
