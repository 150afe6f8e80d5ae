//===- LowerReduce.cpp - Reductions of pass C1 ----------------------------===//
//
// A reduction is done by the vector unit in full fp32:
//
//   1. Where the extent along the reduction is not a multiple of 32, what the
//      last tiles hold beyond it is replaced by the neutral element, unless it
//      is known to be zero and zero is neutral.
//   2. The tiles of each row (or column) of the block are combined element by
//      element into one (tt.fold).
//   3. That tile is reduced inside (tt.sfpu.reduce).
//   4. Without `clear` the old contents of the target are combined with it.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/C_Lowering/BlockLowering.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/IR/Matchers.h"

#include <limits>

using namespace mlir;
using namespace tilewright;

static tt::ReduceKind kindOf(tile::ReduceKind kind) {
  switch (kind) {
  case tile::ReduceKind::Sum:
  case tile::ReduceKind::AbsSum:
    return tt::ReduceKind::Sum;
  case tile::ReduceKind::Max:
  case tile::ReduceKind::AbsMax:
    return tt::ReduceKind::Max;
  case tile::ReduceKind::Min:
    return tt::ReduceKind::Min;
  }
  llvm_unreachable("every reduction has a kind");
}

static tt::BinaryKind combinerOf(tt::ReduceKind kind) {
  return kind == tt::ReduceKind::Sum   ? tt::BinaryKind::Add
         : kind == tt::ReduceKind::Max ? tt::BinaryKind::Max
                                       : tt::BinaryKind::Min;
}

/// What changes nothing, as a value of `type`. Integers are given by their
/// bits.
static TypedAttr neutralOf(tile::ReduceKind kind, Type type) {
  Builder builder(type.getContext());
  bool isMax = kind == tile::ReduceKind::Max;
  bool isMin = kind == tile::ReduceKind::Min;
  if (isa<FloatType>(type)) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return builder.getFloatAttr(type, isMax ? -infinity : isMin ? infinity : 0);
  }
  bool isUnsigned = type.isUnsignedInteger();
  int32_t lowest = isUnsigned ? 0 : std::numeric_limits<int32_t>::min();
  int32_t highest = isUnsigned ? -1 : std::numeric_limits<int32_t>::max();
  return builder.getI32IntegerAttr(isMax ? lowest : isMin ? highest : 0);
}

Value BlockLowering::replacePadding(Operation *user, Value block,
                                    tt::ReduceDim dim, int64_t extent,
                                    TypedAttr value) {
  Location loc = user->getLoc();
  auto type = cast<tt::BlockType>(block.getType());
  bool isRow = dim == tt::ReduceDim::Row;
  auto along = isRow ? tt::Broadcast::Row : tt::Broadcast::Col;
  Value positions = ramps.get(user, IndexExpr(0), 1, along,
                              isRow ? type.getCols() : type.getRows());
  Type f32 = builder.getF32Type();
  auto wide = tt::BlockType::get(builder.getContext(), type.getRows(),
                                 type.getCols(), f32);
  Value spread = tt::BcastOp::create(builder, loc, wide, along, positions);
  Value inside =
      tt::SfpuScalarOp::create(builder, loc, wide, tt::ScalarKind::Lt, spread,
                               APFloat(static_cast<float>(extent)));
  // Integers look at the bits of the condition.
  Value other = tt::FillOp::create(builder, loc, type, value);
  return tt::WhereOp::create(builder, loc, type, inside, block, other);
}

Value BlockLowering::reduceBlock(Location loc, Value block, tt::ReduceKind kind,
                                 tt::ReduceDim dim) {
  auto type = cast<tt::BlockType>(block.getType());
  bool isRow = dim == tt::ReduceDim::Row;
  auto line =
      tt::BlockType::get(builder.getContext(), isRow ? type.getRows() : 1,
                         isRow ? 1 : type.getCols(), type.getElement());
  if (type != line)
    block = tt::FoldOp::create(builder, loc, line, kind, dim, block);
  return tt::SfpuReduceOp::create(builder, loc, line, kind, dim, block);
}

static Value combine(OpBuilder &builder, Location loc, Value old, Value block,
                     tt::ReduceKind kind) {
  if (old.getType() != block.getType())
    old = tt::CastOp::create(builder, loc, block.getType(), old);
  return tt::SfpuBinaryOp::create(builder, loc, block.getType(),
                                  combinerOf(kind), old, block);
}

/// Whether two constants are the same number; their types may differ.
static bool isSame(Attribute a, Attribute b) {
  auto x = dyn_cast<FloatAttr>(a), y = dyn_cast<FloatAttr>(b);
  if (x && y)
    return x.getValueAsDouble() == y.getValueAsDouble();
  auto m = dyn_cast<IntegerAttr>(a), n = dyn_cast<IntegerAttr>(b);
  return m && n && m.getValue().trunc(32) == n.getValue().trunc(32);
}

LogicalResult BlockLowering::lower(tile::ReduceOp reduce) {
  Value source = reduce.getSource(), target = reduce.getTarget();
  Location loc = reduce.getLoc();
  auto sourceType = cast<MemRefType>(source.getType());
  auto targetType = cast<MemRefType>(target.getType());
  for (Value operand : {source, target})
    if (tt::LayoutAttr layout = getLayout(operand);
        !layout || layout.getMemory() == tt::Memory::Dram) {
      InFlightDiagnostic diag =
          emitCoded(reduce, Code::UnsupportedTileOperation)
          << "a reduction takes blocks, and " << getBufferName(operand)
          << " is a DRAM tensor";
      diag.attachNote() << "fix: T.copy a block of it to a buffer first";
      return diag;
    }
  ArrayRef<int64_t> plane = getLayout(source).getPlane();
  PlaneExtents from = getPlaneExtents(sourceType.getShape(), getLayout(source));
  int64_t removed = reduce.getDim();
  if (sourceType.getNumElements() != from.rows * from.cols ||
      !llvm::is_contained(plane, removed)) {
    InFlightDiagnostic diag = emitCoded(reduce, Code::UnsupportedTileOperation)
                              << "a reduction takes one matrix, and "
                              << getBufferName(source) << " has "
                              << sourceType.getRank() << " dimensions";
    diag.attachNote() << "fix: reduce one matrix at a time";
    return diag;
  }
  tt::ReduceDim dim =
      plane[1] == removed ? tt::ReduceDim::Row : tt::ReduceDim::Col;
  bool isRow = dim == tt::ReduceDim::Row;
  PlaneExtents to = getPlaneExtents(targetType.getShape(), getLayout(target));
  PlaneExtents expected = {isRow ? from.rows : 1, isRow ? 1 : from.cols};
  bool isTurned = to != expected && to.rows == expected.cols &&
                  to.cols == expected.rows;
  if (to != expected && !isTurned) {
    InFlightDiagnostic diag = emitCoded(reduce, Code::BlockMismatch);
    diag << "the reduction of " << getBufferName(source) << " along dimension "
         << removed << " is a " << (isRow ? "column" : "row") << " of "
         << expected.rows * expected.cols << ", but " << getBufferName(target)
         << " lies along a " << (isRow ? "row" : "column");
    diag.attachNote() << "fix: use another buffer for one of the directions";
    return diag;
  }
  FailureOr<Value> read = this->read(source, reduce);
  if (failed(read))
    return failure();

  Value block = *read;
  bool zeros = zeroPadded.contains(block);
  auto type = cast<tt::BlockType>(block.getType());
  // Floats in fp32; integers, which wrap, in their own type.
  Type element = sourceType.getElementType();
  if (isa<FloatType>(element))
    element = builder.getF32Type();
  auto wide = [&](PlaneExtents extents) {
    return getBlockType(extents, element);
  };
  if (type != wide(from))
    block = tt::CastOp::create(builder, loc, wide(from), block);
  tile::ReduceKind kind = reduce.getKind();
  if (kind == tile::ReduceKind::AbsMax || kind == tile::ReduceKind::AbsSum)
    block = tt::SfpuUnaryOp::create(builder, loc, wide(from),
                                    tt::UnaryKind::Abs, block);
  int64_t extent = isRow ? from.cols : from.rows;
  TypedAttr neutral = neutralOf(kind, element);
  bool isZero = matchPattern(neutral, m_AnyZeroFloat()) ||
                matchPattern(neutral, m_Zero());
  if (extent % tt::kTileDim != 0 && !(zeros && isZero))
    block = replacePadding(reduce, block, dim, extent, neutral);
  Value result = reduceBlock(loc, block, kindOf(kind), dim);
  if (!reduce.getClear()) {
    FailureOr<Value> previous = this->read(target, reduce);
    if (failed(previous))
      return failure();
    Value old = *previous;
    // A target that was filled with the neutral element changes nothing.
    if (auto fill = old.getDefiningOp<tt::FillOp>())
      if (isSame(fill.getValue(), neutral))
        old = {};
    if (old && isTurned)
      old = turn(loc, old);
    if (old)
      result = combine(builder, loc, old, result, kindOf(kind));
  }
  tt::BlockType wanted = getBlockType(expected, targetType.getElementType());
  if (result.getType() != wanted)
    result = tt::CastOp::create(builder, loc, wanted, result);
  if (isTurned)
    result = turn(loc, result);
  write(target, result);
  reduce.erase();
  return success();
}
