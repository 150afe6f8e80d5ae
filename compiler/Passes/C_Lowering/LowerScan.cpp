//===- LowerScan.cpp - Running sums of pass C1 ----------------------------===//
//
// The vector unit adds up the rows of a tile, from the top, and goes on with
// the next tile (tt.cumsum). Sums along the rows are made between two
// transposes of each tile. All additions are in fp32, one after the other, as
// in a loop of the program. What stands behind the edge of the block comes
// after all that counts and in other columns, so it does no harm.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/C_Lowering/BlockLowering.h"
#include "compiler/Support/Codes/StageC.h"

using namespace mlir;
using namespace tilewright;

LogicalResult BlockLowering::lower(tile::CumsumOp sums) {
  Value source = sums.getSource(), target = sums.getTarget();
  Location loc = sums.getLoc();
  auto type = cast<MemRefType>(source.getType());
  auto targetType = cast<MemRefType>(target.getType());
  PlaneExtents extents = getPlaneExtents(type.getShape(), getLayout(source));
  ArrayRef<int64_t> plane = getLayout(source).getPlane();
  int64_t dim = sums.getDim();
  bool isMatrix = type.hasStaticShape() &&
                  type.getNumElements() == extents.rows * extents.cols &&
                  llvm::is_contained(plane, dim) &&
                  plane == getLayout(target).getPlane();
  bool isFloat = isa<FloatType>(type.getElementType()) &&
                 isa<FloatType>(targetType.getElementType());
  if (!isFloat || !isMatrix || tt::isTensor(source) || tt::isTensor(target)) {
    InFlightDiagnostic diag =
        emitCoded(sums, Code::UnsupportedTileOperation)
        << "T.cumsum takes blocks of floats with two dimensions at most, not "
        << getBufferName(source);
    diag.attachNote() << "fix: T.copy one matrix at a time to a buffer of "
                         "floats";
    return diag;
  }
  FailureOr<Value> block = read(source, sums);
  if (failed(block))
    return failure();
  tt::BlockType wide = getBlockType(extents, builder.getF32Type());
  Value sum = *block;
  if (sum.getType() != wide)
    sum = tt::CastOp::create(builder, loc, wide, sum);
  bool along = plane[1] == dim;
  if (along)
    sum = tt::TransposeOp::create(builder, loc, wide, sum);
  sum = tt::CumsumOp::create(builder, loc, wide,
                             along ? tt::ReduceDim::Row : tt::ReduceDim::Col,
                             sum);
  if (along)
    sum = tt::TransposeOp::create(builder, loc, wide, sum);
  tt::BlockType wanted = getBlockType(extents, targetType.getElementType());
  if (wanted != wide)
    sum = tt::CastOp::create(builder, loc, wanted, sum);
  write(target, sum);
  sums.erase();
  return success();
}
