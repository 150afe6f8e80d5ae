//===- ScalarLowering.h - From tile statements to element loops -*- C++ -*-===//
//
// The worker of tt-lower-to-scalar for one core program. Every statement on
// buffers becomes loops over elements; everything else is copied.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_C_SCALARLOWERING_H
#define TILEWRIGHT_COMPILER_PASSES_C_SCALARLOWERING_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

namespace tilewright {

class ScalarLowering {
public:
  /// `map` holds what stands for the program's arguments, buffers and work.
  ScalarLowering(mlir::OpBuilder &builder, mlir::IRMapping &map)
      : builder(builder), map(map) {}

  mlir::LogicalResult lowerBlock(mlir::Block &block);

private:
  using LoopBody = llvm::function_ref<void(mlir::Value)>;
  using NestBody = llvm::function_ref<void(mlir::ValueRange)>;

  mlir::LogicalResult lowerOp(mlir::Operation *op);
  mlir::LogicalResult lower(tile::CopyOp copy);
  mlir::LogicalResult lower(tile::GemmOp gemm);
  mlir::LogicalResult lower(tile::ReduceOp reduce);
  void lower(tile::CumsumOp sums);
  mlir::LogicalResult lower(tile::ParallelOp loop);
  mlir::LogicalResult lower(tile::ForOp loop);
  void lower(tile::FillOp fill);
  mlir::LogicalResult lowerRegions(mlir::Operation *op);

  mlir::Value constant(int64_t value);
  /// A loop over [0, extent) in the order of the program.
  void forEach(int64_t extent, llvm::StringRef name, LoopBody body);
  /// Loops over all points of a box.
  void forAll(llvm::ArrayRef<int64_t> extents, NestBody body);
  mlir::Value load(mlir::Value memref, mlir::ValueRange indices);
  void store(mlir::Value value, mlir::Value memref, mlir::ValueRange indices);
  mlir::Value isNotZero(mlir::Value value);
  /// A value of `from` (an element type, which may be unsigned) as `to`; a
  /// Boolean is whether it is not zero.
  mlir::Value convert(mlir::Value value, mlir::Type from, mlir::Type to);
  mlir::Value addOffset(mlir::Value offset, mlir::Value index);

  mlir::OpBuilder &builder;
  mlir::IRMapping &map;
  mlir::Location loc = builder.getUnknownLoc();
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_C_SCALARLOWERING_H
