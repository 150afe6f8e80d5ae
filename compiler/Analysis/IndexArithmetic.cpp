//===- IndexArithmetic.cpp - What an index operation computes -------------===//

#include "compiler/Analysis/IndexArithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;

namespace tilewright {

std::optional<IndexOperation> getIndexOperation(Operation *op) {
  using Kind = std::optional<IndexOperation>;
  return llvm::TypeSwitch<Operation *, Kind>(op)
      .Case([](arith::AddIOp) { return IndexOperation::Add; })
      .Case([](arith::SubIOp) { return IndexOperation::Sub; })
      .Case([](arith::MulIOp) { return IndexOperation::Mul; })
      .Case<arith::DivSIOp, arith::DivUIOp, arith::FloorDivSIOp>(
          [](auto) { return IndexOperation::Div; })
      .Case<arith::CeilDivSIOp, arith::CeilDivUIOp>(
          [](auto) { return IndexOperation::CeilDiv; })
      .Case<arith::RemSIOp, arith::RemUIOp>(
          [](auto) { return IndexOperation::Rem; })
      .Case<arith::MinSIOp, arith::MinUIOp>(
          [](auto) { return IndexOperation::Min; })
      .Case<arith::MaxSIOp, arith::MaxUIOp>(
          [](auto) { return IndexOperation::Max; })
      .Default([](Operation *) { return Kind(); });
}

bool isIndexCast(Operation *op) {
  return isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::ExtSIOp,
             arith::ExtUIOp, arith::TruncIOp>(op);
}

std::optional<int64_t> evaluateIndex(IndexOperation operation, int64_t a,
                                     int64_t b) {
  switch (operation) {
  case IndexOperation::Add:
    return a + b;
  case IndexOperation::Sub:
    return a - b;
  case IndexOperation::Mul:
    return a * b;
  case IndexOperation::Min:
    return std::min(a, b);
  case IndexOperation::Max:
    return std::max(a, b);
  case IndexOperation::Div:
  case IndexOperation::CeilDiv:
  case IndexOperation::Rem:
    break;
  }
  if (a < 0 || b < 1)
    return std::nullopt;
  if (operation == IndexOperation::Div)
    return a / b;
  return operation == IndexOperation::Rem ? a % b : llvm::divideCeil(a, b);
}

} // namespace tilewright
