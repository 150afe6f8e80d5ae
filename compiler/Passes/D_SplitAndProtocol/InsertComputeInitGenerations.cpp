//===- InsertComputeInitGenerations.cpp - What older APIs have no call for ===//
//
// The generation 2026-03 has fewer calls than the newest one. What it lacks is
// made of calls that it has, with the same results:
//
//   1. Comparisons of float tiles. It has `eq`, `max` and `min`:
//
//        x != y   not (x == y)
//        x <= y   max(x, y) == y
//        x <  y   (max(x, y) == y) - (x == y)
//
//      and the other two with x and y exchanged. A NaN equals nothing, so what
//      compares it is false, and `!=` true. max takes a NaN with its sign set
//      for less than all numbers on a chip: x <= y then is true for such an x.
//   2. `==` and `!=` of integer tiles: the bits that differ, against zero.
//   3. The matrix unit's subtraction of a row: the row is spread in DST, where
//      the vector unit subtracts.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/InsertComputeInit.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace tilewright {

namespace {
/// Rewrites one operation.
struct Rewriter {
  OpBuilder builder;
  Location loc;
  Type type;

  Value binary(tt::BinaryKind kind, Value lhs, Value rhs) {
    return tt::SfpuBinaryOp::create(builder, loc, type, kind, lhs, rhs);
  }

  /// x <= y, or x < y where `strict`.
  Value ordered(Value x, Value y, bool strict) {
    Value most = tt::SfpuBinaryOp::create(builder, loc, x.getType(),
                                          tt::BinaryKind::Max, x, y);
    Value atMost = binary(tt::BinaryKind::Eq, most, y);
    if (!strict)
      return atMost;
    return binary(tt::BinaryKind::Sub, atMost,
                  binary(tt::BinaryKind::Eq, x, y));
  }

  /// The value of a comparison of floats; null where there is a call for it.
  Value compareFloats(tt::BinaryKind kind, Value x, Value y) {
    switch (kind) {
    case tt::BinaryKind::Ne:
      return tt::SfpuUnaryOp::create(builder, loc, type, tt::UnaryKind::Not,
                                     binary(tt::BinaryKind::Eq, x, y));
    case tt::BinaryKind::Lt:
      return ordered(x, y, /*strict=*/true);
    case tt::BinaryKind::Le:
      return ordered(x, y, /*strict=*/false);
    case tt::BinaryKind::Gt:
      return ordered(y, x, /*strict=*/true);
    case tt::BinaryKind::Ge:
      return ordered(y, x, /*strict=*/false);
    default:
      return {};
    }
  }

  /// The same for integers.
  Value compareIntegers(tt::BinaryKind kind, Value x, Value y) {
    if (kind != tt::BinaryKind::Eq && kind != tt::BinaryKind::Ne)
      return {};
    Value differ = tt::SfpuBinaryOp::create(builder, loc, x.getType(),
                                            tt::BinaryKind::Xor, x, y);
    return tt::SfpuIntScalarOp::create(builder, loc, type, kind, differ,
                                       /*value=*/uint64_t(0));
  }
};
} // namespace

static Value rewrite(tt::SfpuBinaryOp op) {
  Rewriter with{OpBuilder(op), op.getLoc(), op.getResult().getType()};
  bool floats = isa<FloatType>(op.getLhs().getType().getElement());
  return floats ? with.compareFloats(op.getKind(), op.getLhs(), op.getRhs())
                : with.compareIntegers(op.getKind(), op.getLhs(), op.getRhs());
}

static Value rewrite(tt::FpuOp op) {
  if (op.getKind() != tt::FpuKind::Sub || op.getBcast() != tt::Broadcast::Row ||
      !getSourceCB(op.getRhs()))
    return {};
  OpBuilder builder(op);
  Value spread = tt::BcastOp::create(
      builder, op.getLoc(), op.getLhs().getType(), op.getBcast(), op.getRhs());
  return tt::SfpuBinaryOp::create(builder, op.getLoc(),
                                  op.getResult().getType(), tt::BinaryKind::Sub,
                                  op.getLhs(), spread);
}

void rewriteForApi2026_03(tt::SectionOp section) {
  section.getBody().walk([](Operation *op) {
    Value value;
    if (auto binary = dyn_cast<tt::SfpuBinaryOp>(op))
      value = rewrite(binary);
    else if (auto fpu = dyn_cast<tt::FpuOp>(op))
      value = rewrite(fpu);
    if (!value)
      return;
    op->getResult(0).replaceAllUsesWith(value);
    op->erase();
  });
}

} // namespace tilewright
