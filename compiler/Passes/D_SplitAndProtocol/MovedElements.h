//===- MovedElements.h - Blocks that move element by element ----*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_MOVEDELEMENTS_H
#define TILEWRIGHT_COMPILER_PASSES_D_MOVEDELEMENTS_H

#include "compiler/Dialect/Metalium/Elements.h"
#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/TT/TT.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/DenseMap.h"

namespace tilewright {

/// The tensors of which one kernel, a reader or a writer, moves elements.
class MovedElements {
public:
  explicit MovedElements(metalium::KernelOp kernel);

  /// Hands the L1 address of the `count` pages of `cb` to `use`.
  using WithPages = llvm::function_ref<mlir::LogicalResult(
      mlir::OpBuilder &, mlir::Location, mlir::Value cb, int64_t count,
      llvm::function_ref<void(mlir::Value)> use)>;

  /// Opens the tensors of all gathers and scatters, once each, in front of the
  /// kernel's work. What is stored reaches DRAM at the end of the kernel.
  mlir::LogicalResult open(WithPages withPages);

  /// Writes the loops that fill the block, which lies in L1 from `l1` on.
  void emit(mlir::OpBuilder &builder, tt::GatherToCBOp gather, mlir::Value l1);

  /// Writes the loops that store the block, which lies in L1 from `l1` on.
  void emit(mlir::OpBuilder &builder, tt::ScatterFromCBOp scatter,
            mlir::Value l1);

  /// Writes the loops that fill the block, which lies in L1 from `l1` on, from
  /// blocks at the addresses `blocks`.
  void emit(mlir::OpBuilder &builder, tt::MoveElementsOp move, mlir::Value l1,
            const llvm::DenseMap<mlir::Value, mlir::Value> &blocks);

private:
  mlir::LogicalResult open(mlir::Operation *op, mlir::Value accessor,
                           mlir::Value pages, bool isStored,
                           WithPages withPages);
  mlir::Value moved(mlir::OpBuilder &builder, mlir::Value value,
                    const mlir::IRMapping &map) const;
  mlir::Value loadFromBlock(mlir::OpBuilder &builder, tt::LoadElementOp load,
                            const mlir::IRMapping &map) const;
  void copyBody(mlir::OpBuilder &builder, mlir::Block &body,
                mlir::IRMapping &map,
                llvm::ArrayRef<mlir::Operation *> except = {});
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

#endif // TILEWRIGHT_COMPILER_PASSES_D_MOVEDELEMENTS_H
