//===- Gather.h - Blocks that the reader puts together ----------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_GATHER_H
#define TILEWRIGHT_COMPILER_PASSES_D_GATHER_H

#include "compiler/Dialect/Metalium/Elements.h"
#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/TT/TT.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"

namespace tilewright {

/// The tensors that the gathers of one kernel take elements from.
class GatheredTensors {
public:
  explicit GatheredTensors(metalium::KernelOp kernel);

  /// Hands the L1 address of the pages behind `cb` to `use`.
  using WithPages = llvm::function_ref<mlir::LogicalResult(
      mlir::OpBuilder &, tt::GatherToCBOp, mlir::Value cb,
      llvm::function_ref<void(mlir::Value)> use)>;

  /// Opens the tensors of `gather`, once each, in front of the kernel's work.
  mlir::LogicalResult open(tt::GatherToCBOp gather, WithPages withPages);

  /// Writes the loops that fill the block, which lies in L1 from `l1` on.
  mlir::LogicalResult emit(mlir::OpBuilder &builder, tt::GatherToCBOp gather,
                           mlir::Value l1);

private:
  void lowerBody(mlir::OpBuilder &builder, tt::GatherToCBOp gather,
                 mlir::Value row, mlir::Value col, mlir::Value block,
                 int64_t count);
  mlir::Type inMemory(mlir::Type element) const;

  metalium::KernelOp kernel;
  /// 16-bit floats are moved as words: none of them is computed with.
  bool inWords = true;
  llvm::DenseMap<mlir::Value, mlir::Value> elements;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_D_GATHER_H
