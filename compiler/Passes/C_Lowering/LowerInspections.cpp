//===- LowerInspections.cpp - T.print and T.device_assert, pass C1 --------===//
//
// A buffer that is printed or checked is a block that goes through a circular
// buffer of its own to the writer, as one that is written to a tensor. Floats
// are fp32 there, which holds every number of the narrower formats; only what
// lies inside the buffer's extents is looked at. Integers that steer the
// program are the writer's own.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/C_Lowering/BlockLowering.h"
#include "compiler/Support/Codes/StageA.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tilewright;

LogicalResult BlockLowering::inspectBlock(Operation *op, Value buffer,
                                          ValueRange offsets, StringRef message,
                                          bool isCheck) {
  auto type = cast<MemRefType>(buffer.getType());
  tt::LayoutAttr layout = getLayout(buffer);
  PlaneExtents extents = getPlaneExtents(type.getShape(), layout);
  if (tt::isTensor(buffer) ||
      type.getNumElements() != extents.rows * extents.cols)
    return emitCoded(op, Code::NeedsElements)
           << "T.print of " << getBufferName(buffer)
           << ", which is no matrix on chip, looks at single elements";
  FailureOr<Value> read = this->read(buffer, op);
  if (failed(read))
    return failure();
  Location loc = op->getLoc();
  Value block = *read;
  Type element = type.getElementType();
  if (isa<FloatType>(element) && !element.isF32()) {
    element = builder.getF32Type();
    block =
        tt::CastOp::create(builder, loc, getBlockType(extents, element), block);
  }
  Value row, col;
  for (auto [dim, offset] : llvm::enumerate(offsets)) {
    if (static_cast<int64_t>(dim) == layout.getPlane()[0])
      row = offset;
    else if (static_cast<int64_t>(dim) == layout.getPlane()[1])
      col = offset;
  }
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  SmallVector<int64_t> shown = {extents.rows, extents.cols};
  if (!offsets.empty())
    shown = {1, 1};
  std::string name = getBufferName(buffer) + (isCheck ? "_check" : "_print");
  Value cb = createCB(NameLoc::get(builder.getStringAttr(name), loc), name,
                      *tt::getDataFormat(element),
                      cast<tt::BlockType>(block.getType()).getNumTiles(),
                      /*depth=*/1);
  tt::InspectOp::create(builder, loc, isCheck, message, /*scalar=*/Value(),
                        block, row ? row : zero, col ? col : zero,
                        builder.getDenseI64ArrayAttr(shown),
                        /*one_line=*/type.getRank() == 1, cb);
  return success();
}

LogicalResult BlockLowering::inspectScalar(Operation *op, Value scalar,
                                           StringRef message, bool isCheck) {
  Type type = scalar.getType();
  if (!type.isIndex() && !type.isInteger(32) && !type.isInteger(1))
    return emitCoded(op, Code::NeedsElements)
           << "T.print of a number of type " << type
           << " looks at single elements";
  tt::InspectOp::create(builder, op->getLoc(), isCheck, message, scalar,
                        /*block=*/Value(), /*row=*/Value(), /*col=*/Value(),
                        DenseI64ArrayAttr(), /*one_line=*/false,
                        /*cb=*/Value());
  return success();
}

LogicalResult BlockLowering::lower(tile::PrintOp print) {
  LogicalResult result = success();
  if (print.getValues().empty())
    tt::InspectOp::create(builder, print.getLoc(), /*check=*/false,
                          print.getMessage(), Value(), Value(), Value(),
                          Value(), DenseI64ArrayAttr(), false, Value());
  for (Value value : print.getValues()) {
    result = isa<MemRefType>(value.getType())
                 ? inspectBlock(print, value, print.getOffsets(),
                                print.getMessage(), /*isCheck=*/false)
                 : inspectScalar(print, value, print.getMessage(),
                                 /*isCheck=*/false);
    if (failed(result))
      return failure();
  }
  print.erase();
  return success();
}

LogicalResult BlockLowering::lower(tile::AssertOp check) {
  if (failed(inspectScalar(check, check.getCondition(), check.getMessage(),
                           /*isCheck=*/true)))
    return failure();
  check.erase();
  return success();
}

LogicalResult BlockLowering::lower(tile::CheckOp check) {
  if (failed(inspectBlock(check, check.getBuffer(), {}, check.getMessage(),
                          /*isCheck=*/true)))
    return failure();
  check.erase();
  return success();
}
