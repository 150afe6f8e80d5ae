//===- LowerScalars.cpp - Integers that steer the program, pass C1 --------===//
//
// A scalar is an integer that the three kernels compute for themselves: it says
// which block of a tensor to copy, how often a loop runs, or whether a
// statement does. Scalars come from
//
//   1. `tt.read_scalar`: an element of a tensor, read outside T.Parallel;
//   2. scalar buffers: buffers of one integer that are only loaded and stored,
//      `T.alloc_var`, `T.alloc_local((1,), ..)`. They hold a value as buffers
//      of blocks hold a block: what is stored is recorded, a load is what was
//      stored, loops carry what an iteration leaves to the next.
//
//===----------------------------------------------------------------------===//

#include "compiler/Analysis/Scalars.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/C_Lowering/BlockLowering.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace tilewright;

static LogicalResult refuse(Operation *op, const Twine &what,
                            const Twine &fix) {
  InFlightDiagnostic diag = emitCoded(op, Code::UnsupportedTileOperation)
                            << what;
  diag.attachNote() << "fix: " << fix;
  return diag;
}

/// Puts `value`, of 32 bits, in the place of `narrow` and of its extensions;
/// fails where something else uses the narrow number.
static LogicalResult replaceExtended(OpBuilder &builder, Value narrow,
                                     Value value) {
  if (narrow.getType() == value.getType()) {
    narrow.replaceAllUsesWith(value);
    return success();
  }
  if (narrow.getType().isInteger(1)) {
    Location loc = value.getLoc();
    Value zero = arith::ConstantIntOp::create(builder, loc, 0, 32);
    narrow.replaceAllUsesWith(arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::ne, value, zero));
    return success();
  }
  for (Operation *user : narrow.getUsers())
    if (!isa<UnrealizedConversionCastOp, arith::ExtSIOp, arith::ExtUIOp>(
            user) ||
        failed(replaceExtended(builder, user->getResult(0), value)))
      return failure();
  // The casts are dead; they go at the end of the pass.
  narrow.replaceAllUsesWith(
      UnrealizedConversionCastOp::create(builder, value.getLoc(),
                                         narrow.getType(), value)
          .getResult(0));
  return success();
}

LogicalResult BlockLowering::readScalar(memref::LoadOp load) {
  Value tensor = load.getMemRef();
  auto element = dyn_cast<IntegerType>(load.getMemRefType().getElementType());
  std::string name = getBufferName(tensor);
  if (!element || element.getWidth() > 32)
    return refuse(load,
                  "an element of " + name +
                      " is read outside T.Parallel, and is no integer of at "
                      "most 32 bits",
                  "T.copy a block to a buffer and use it in T.Parallel");
  tt::LayoutAttr layout = getLayout(tensor);
  IndexExpr outer;
  Value row, col;
  for (auto [dim, index] : llvm::enumerate(load.getIndices())) {
    if (static_cast<int64_t>(dim) == layout.getPlane()[0])
      row = index;
    else if (static_cast<int64_t>(dim) == layout.getPlane()[1])
      col = index;
    else
      outer =
          outer * getTensorExtent(load.getMemRef(), dim) + IndexExpr::of(index);
  }
  Location loc = load.getLoc();
  auto orZero = [&](Value index) {
    return index ? index
                 : Value(arith::ConstantIndexOp::create(builder, loc, 0));
  };
  bool isSigned = !element.isUnsigned() && element.getWidth() > 1;
  Location named =
      getSourceName(loc).empty()
          ? NameLoc::get(builder.getStringAttr(name + "_value"), loc)
          : loc;
  auto read = tt::ReadScalarOp::create(builder, named, accessors.lookup(tensor),
                                       outer.materialize(builder, loc),
                                       orZero(row), orZero(col), isSigned);
  scalarReads.push_back(read);
  if (failed(replaceExtended(builder, load.getResult(), read.getValue())))
    return refuse(load,
                  "arithmetic on integers of " +
                      Twine(element.getWidth()).str() +
                      " bits outside T.Parallel",
                  "cast the element of " + name + " to int32 first");
  load.erase();
  return success();
}

LogicalResult BlockLowering::lower(memref::LoadOp load) {
  Value memref = load.getMemRef();
  if (tt::isTensor(memref))
    return readScalar(load);
  if (!scalars.contains(memref))
    return refuse(load,
                  "an element of " + getBufferName(memref) +
                      " is accessed outside T.Parallel; a core computes on "
                      "whole tiles",
                  "put the statement into a T.Parallel loop over the block");
  FailureOr<Value> value = read(memref, load);
  if (failed(value))
    return failure();
  load.replaceAllUsesWith(*value);
  load.erase();
  return success();
}

LogicalResult BlockLowering::lower(memref::StoreOp store) {
  Value memref = store.getMemRef();
  if (tt::isTensor(memref) || !scalars.contains(memref))
    return refuse(store,
                  "an element of " + getBufferName(memref) +
                      " is accessed outside T.Parallel; a core computes on "
                      "whole tiles",
                  "put the statement into a T.Parallel loop over the block");
  blocks[memref] = store.getValueToStore();
  store.erase();
  return success();
}

LogicalResult BlockLowering::replaceScalarLoads(tile::ParallelOp loop) {
  SmallVector<memref::LoadOp> loads;
  loop.walk([&](memref::LoadOp load) {
    if (!tt::isTensor(load.getMemRef()) && scalars.contains(load.getMemRef()))
      loads.push_back(load);
  });
  for (memref::LoadOp load : loads)
    if (failed(lower(load)))
      return failure();
  return success();
}

/// Numbers that the launch itself changes would come too early or too late. And
/// where an integer says which elements are updated, nothing shows that other
/// blocks leave those around them alone: a block is read and written whole.
LogicalResult BlockLowering::checkScalarReads() {
  for (const Transfer &write : transfers) {
    if (write.isRead)
      continue;
    auto tensor = cast<tt::TensorType>(write.region.tensor.getType());
    for (tt::ReadScalarOp read : scalarReads) {
      if (write.region.tensor != read.getTensor())
        continue;
      InFlightDiagnostic diag = emitCoded(read, Code::TensorHazard);
      diag << "an element of " << tensor.getName()
           << " steers the program, and the launch writes to "
           << tensor.getName();
      diag.attachNote(write.op->getLoc()) << "written here";
      return diag;
    }
    for (const Transfer &read : transfers) {
      if (!read.isRead || read.region.tensor != write.region.tensor)
        continue;
      for (const TensorRegion *region : {&read.region, &write.region})
        if (dependsOnScalars(region->outer) || dependsOnScalars(region->row) ||
            dependsOnScalars(region->col))
          return emitCoded(write.op, Code::TensorHazard)
                 << "a block of " << tensor.getName()
                 << " is updated at a place that is only known when the kernel "
                    "runs; other blocks may update elements of it";
    }
  }
  return success();
}
