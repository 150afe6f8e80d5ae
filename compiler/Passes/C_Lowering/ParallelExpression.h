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

#include "compiler/Dialect/TT/TT.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"

namespace tilewright {

class ParallelExpression {
public:
  explicit ParallelExpression(tt::ParallelOp loop)
      : loop(loop), builder(loop) {}

  /// Replaces the loop by tile operations. `transpose` makes a block whose
  /// tiles stand in transposed order, or fails with a diagnostic.
  mlir::LogicalResult
  lower(llvm::function_ref<mlir::FailureOr<mlir::Value>(mlir::Value,
                                                        mlir::Operation *)>
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
  mlir::FailureOr<Operand> lowerSelect(mlir::arith::SelectOp select);
  mlir::FailureOr<Operand> lowerPower(mlir::Operation *op);
  mlir::FailureOr<Operand> unsupported(mlir::Operation *op);

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
  mlir::OpBuilder builder;
  int64_t rows = 0, cols = 0;
  llvm::DenseMap<mlir::Value, Operand> operands;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_C_PARALLELEXPRESSION_H
