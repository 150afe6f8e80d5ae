//===- SmallFloats.cpp - How 8-bit floats are held ------------------------===//
//
// bfloat16 has every value of the 8-bit formats: at most 3 bits of mantissa,
// and exponents within its own. A program that reads such values and makes none
// is therefore the same program on bfloat16, for which there are tiles.
//
//   1. Collect the 8-bit float types of tensors and buffers.
//   2. Strike out those that a value is made of: what a statement stores, fills
//      or rounds to the type, and what a copy converts to it.
//   3. In what is left, replace the type by bfloat16, of tensors, buffers and
//      values alike. Widening such a value to float32 stays as it is.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/SmallFloats.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace tilewright {

static bool isSmallFloat(Type type) {
  return isa<Float8E4M3FNType, Float8E5M2Type>(type);
}

/// The element type of a memref, or the type itself.
static Type elementOf(Type type) {
  auto memref = dyn_cast<MemRefType>(type);
  return memref ? memref.getElementType() : type;
}

/// Whether `op` takes values of that type and makes none.
static bool onlyReads(Operation *op, Type small) {
  auto is = [&](Value value) { return elementOf(value.getType()) == small; };
  if (auto copy = dyn_cast<tile::CopyOp>(op))
    return is(copy.getSource()) || !is(copy.getTarget());
  if (auto gemm = dyn_cast<tile::GemmOp>(op))
    return !is(gemm.getC());
  if (auto extend = dyn_cast<arith::ExtFOp>(op))
    return extend.getType().isF32();
  return isa<memref::LoadOp, memref::DimOp, tile::AllocOp>(op);
}

/// A tensor of the type is only copied from and loaded from.
static bool isWritten(Value tensor) {
  return llvm::any_of(tensor.getUses(), [](OpOperand &use) {
    Operation *user = use.getOwner();
    if (auto copy = dyn_cast<tile::CopyOp>(user))
      return copy.getTarget() == use.get();
    return !isa<memref::LoadOp, memref::DimOp, tile::GemmOp,
                tile::AnnotateLayoutOp>(user);
  });
}

static Type replaceElement(Type type, Type small, Type wide) {
  if (type == small)
    return wide;
  auto memref = dyn_cast<MemRefType>(type);
  return memref && memref.getElementType() == small
             ? MemRefType::get(memref.getShape(), wide, memref.getLayout(),
                               memref.getMemorySpace())
             : type;
}

static void forEachValue(tile::FuncOp func,
                         llvm::function_ref<void(Value)> visit) {
  for (BlockArgument argument : func.getBody().getArguments())
    visit(argument);
  func.walk([&](Operation *op) {
    for (Value result : op->getResults())
      visit(result);
  });
}

using Types = llvm::SmallSetVector<Type, 2>;

/// Steps 1 and 2: the types of `func`, and those of them that it only reads.
static std::pair<Types, Types> findSmallFloats(tile::FuncOp func) {
  Types all;
  forEachValue(func, [&](Value value) {
    if (Type element = elementOf(value.getType()); isSmallFloat(element))
      all.insert(element);
  });
  Types held = all;
  for (BlockArgument argument : func.getBody().getArguments())
    if (isWritten(argument))
      held.remove(elementOf(argument.getType()));
  func.walk([&](Operation *op) {
    for (Type small : all) {
      auto is = [&](Type type) { return elementOf(type) == small; };
      if ((llvm::any_of(op->getOperandTypes(), is) ||
           llvm::any_of(op->getResultTypes(), is)) &&
          !isa<tile::AnnotateLayoutOp>(op) && !onlyReads(op, small))
        held.remove(small);
    }
  });
  return {all, held};
}

bool makesSmallFloats(tile::FuncOp func) {
  auto [all, held] = findSmallFloats(func);
  return all.size() != held.size();
}

void holdSmallFloats(tile::FuncOp func) {
  auto [all, held] = findSmallFloats(func);
  Type wide = BFloat16Type::get(func.getContext());
  for (Type small : held)
    forEachValue(func, [&](Value value) {
      value.setType(replaceElement(value.getType(), small, wide));
    });
}

} // namespace tilewright
