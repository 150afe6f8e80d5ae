//===- ParallelExpression.h - Bodies as tile operations ------- *- C++ -*-===//
//
// A tt.parallel body is an expression graph over scalars. Each node becomes one
// tile operation on blocks, from the yielded values backwards, shared nodes
// once.
//
// An operand is one of
//   constant   a number; becomes a scalar argument of the operation, or a fill,
//   leaf       a block as the body loaded it (same, row, col or scalar access),
//   perhaps
//              widened: its broadcast and its cast are made only where an
//              operation needs the whole block,
//   block      a computed block of the loop's shape.
//
// The matrix unit (tt.fpu) takes binary operations of two leaves that were read
// from tensors in the same 16-bit type: add and sub of bf16 and fp16, mul of
// bf16. It reads both operands from circular buffers and broadcasts the second
// for nothing. All else is done by the vector unit in DST, in full fp32.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_C_PARALLELEXPRESSION_H
#define TILEWRIGHT_COMPILER_PASSES_C_PARALLELEXPRESSION_H

#include "compiler/Analysis/IndexRange.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Passes/C_Lowering/Ramps.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"

namespace tilewright {

/// Whether fp32 holds every number of the range. One that is not known counts
/// as one that fits: the extents of tensors and what is made of them.
inline bool fitsFloat(std::optional<IndexRange> range) {
  constexpr int64_t exact = int64_t{1} << 24;
  return !range || (range->min >= -exact && range->max <= exact);
}

class ParallelExpression {
public:
  ParallelExpression(tt::ParallelOp loop, Ramps &ramps)
      : loop(loop), builder(loop), ramps(ramps) {}

  /// Replaces the loop by tile operations. `transpose` transposes a block.
  mlir::LogicalResult
  lower(llvm::function_ref<mlir::Value(mlir::Value, mlir::Operation *)>
            transpose);

private:
  struct Operand {
    enum Kind { Constant, Leaf, Block } kind = Block;
    double number = 0.0;                       // Constant
    mlir::Value block;                         // Leaf, Block
    tt::Broadcast bcast = tt::Broadcast::None; // Leaf
    mlir::Type type;                           // of the scalar
  };

  mlir::FailureOr<Operand> get(mlir::Value scalar);
  mlir::FailureOr<Operand> lowerOp(mlir::Operation *op);
  mlir::FailureOr<Operand> lowerCast(mlir::Operation *op);
  mlir::FailureOr<Operand> lowerBinary(mlir::Operation *op, mlir::Value lhs,
                                       mlir::Value rhs, tt::BinaryKind kind);
  mlir::FailureOr<Operand> lowerPower(mlir::Operation *op);
  mlir::FailureOr<Operand> unsupported(mlir::Operation *op);

  // Indices, whole numbers and truth values: ParallelConditions.cpp.
  mlir::FailureOr<Operand> lowerWhole(mlir::Operation *op);
  mlir::FailureOr<Operand> lowerCompare(mlir::Operation *op);
  /// An expression that compares with 0 as `expr` does and that fp32 holds.
  std::optional<IndexExpr> bringNear(const IndexExpr &expr);
  mlir::FailureOr<Operand> lowerLogic(mlir::Operation *op);
  mlir::FailureOr<Operand> lowerChoice(mlir::arith::SelectOp select);
  mlir::FailureOr<Operand> lowerToFloat(mlir::Operation *op);
  /// The loop variable along the rows (`dim` 0) or columns (1) of the blocks;
  /// null where there is none or it does not run.
  mlir::Value getPlaneVariable(unsigned dim);
  /// An integer as a sum of multiples of the plane's variables and of what is
  /// known outside the loop.
  std::optional<IndexExpr> getAffine(mlir::Value scalar);
  bool isRoundedAtOnce(mlir::Value scalar, const IndexExpr &affine);
  Operand materialize(mlir::Location loc, const IndexExpr &expr);
  /// Bounds of an index expression over the whole loop.
  std::optional<IndexRange> getRange(const IndexExpr &expr);
  /// Bounds of an integer that indices and numbers make.
  std::optional<IndexRange> getRange(mlir::Value scalar);
  Operand number(double value) const;

  // 32-bit integers: ParallelIntegers.cpp.
  static bool isInteger(const Operand &operand);
  /// As integers of type `wanted` (int32 where it is null): a float is rounded
  /// to zero.
  Operand toInteger(mlir::Location loc, const Operand &operand,
                    mlir::Type wanted = {});
  /// As fp32.
  Operand toFloat(mlir::Location loc, const Operand &operand);
  Operand integerBinary(mlir::Location loc, tt::BinaryKind kind, Operand a,
                        Operand b, bool isUnsigned);
  /// 1 or 0, as integers.
  Operand integerCompare(mlir::Location loc, tt::BinaryKind kind, Operand a,
                         Operand b, bool isUnsigned);
  /// `a / b` of unsigned numbers, or its remainder.
  Operand unsignedDivision(mlir::Location loc, Operand a, Operand b,
                           bool remainder);
  bool dividesAsFloat(mlir::Operation *op, const Operand &divisor);
  /// Nothing where the operation works on whole numbers in fp32.
  mlir::FailureOr<std::optional<Operand>> lowerInteger(mlir::Operation *op);
  mlir::FailureOr<Operand> lowerFromFloat(mlir::Operation *op);
  /// The whole block, with elements of that type.
  mlir::Value asBlockOf(mlir::Location loc, Operand operand,
                        mlir::Type element);
  Operand floorDiv(mlir::Location loc, const Operand &x, double divisor);

  Operand unary(mlir::Location loc, tt::UnaryKind kind, const Operand &operand);
  Operand binary(mlir::Location loc, tt::BinaryKind kind, const Operand &lhs,
                 const Operand &rhs, mlir::Type type);
  Operand withScalar(mlir::Location loc, tt::ScalarKind kind,
                     const Operand &operand, double number);
  std::optional<Operand> onMatrixUnit(mlir::Location loc, tt::BinaryKind kind,
                                      Operand lhs, Operand rhs,
                                      mlir::Type type);
  mlir::Value asBlock(mlir::Location loc, const Operand &operand);
  tt::BlockType blockType(mlir::Type element) const;
  Operand computed(mlir::Value block) const;

  tt::ParallelOp loop;
  mutable mlir::OpBuilder builder;
  Ramps &ramps;
  int64_t rows = 0, cols = 0;
  llvm::DenseMap<mlir::Value, Operand> operands;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_C_PARALLELEXPRESSION_H
