//===- Scalars.cpp - Integers that steer a program ------------------------===//

#include "compiler/Analysis/Scalars.h"

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

static bool isInParallel(Operation *op) {
  return bool(op->getParentOfType<tilewright::tile::ParallelOp>());
}

bool tilewright::isScalarBuffer(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  return buffer.getDefiningOp<tile::AllocOp>() && type.hasStaticShape() &&
         type.getNumElements() == 1 &&
         type.getElementType().isSignlessInteger() &&
         llvm::all_of(buffer.getUsers(), [](Operation *user) {
           return isa<memref::LoadOp>(user) ||
                  (isa<memref::StoreOp, tile::FillOp>(user) &&
                   !isInParallel(user));
         });
}

bool tilewright::isSteeringTensor(Value tensor) {
  auto type = cast<MemRefType>(tensor.getType());
  return isa<IntegerType>(type.getElementType()) && !tensor.use_empty() &&
         llvm::all_of(tensor.getUsers(), [](Operation *user) {
           return isa<tt::AccessorOp>(user) ||
                  (isa<memref::LoadOp>(user) && !isInParallel(user));
         });
}
