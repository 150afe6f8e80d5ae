//===- ScalarStatements.cpp - Statements of tt-lower-to-scalar ------------===//
//
// Sums and products are in fp32, or in the integer type of the result; a value
// takes the type of a buffer when it is stored. Bounds of tensors are checked
// where the kernel accesses them (metalium.elements).
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/C_Lowering/ScalarLowering.h"

#include "compiler/Support/Codes/StageC.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include <limits>

using namespace mlir;

namespace tilewright {

static bool isUnsigned(Type type) {
  return type.isUnsignedInteger() || type.isInteger(1);
}

/// The type that arithmetic has for elements of `type`.
static Type signless(Type type) {
  if (auto integer = dyn_cast<IntegerType>(type))
    return IntegerType::get(type.getContext(), integer.getWidth());
  return type;
}

/// The type of sums of elements of `type`.
static Type accumulator(Type type) {
  if (isa<FloatType>(type) && type.getIntOrFloatBitWidth() < 32)
    return Float32Type::get(type.getContext());
  return signless(type);
}

static Type elementOf(Value memref) {
  return cast<MemRefType>(memref.getType()).getElementType();
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Value ScalarLowering::constant(int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

Value ScalarLowering::isNotZero(Value value) {
  Value zero = arith::ConstantOp::create(builder, loc,
                                         builder.getZeroAttr(value.getType()));
  if (isa<FloatType>(value.getType()))
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE, value,
                                 zero);
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, value,
                               zero);
}

Value ScalarLowering::convert(Value value, Type from, Type to) {
  Type target = signless(to), source = signless(from);
  if (source == target)
    return value;
  if (target.isInteger(1))
    return isNotZero(value);
  auto fromFloat = dyn_cast<FloatType>(source);
  auto toFloat = dyn_cast<FloatType>(target);
  if (fromFloat && toFloat) {
    if (fromFloat.getWidth() == toFloat.getWidth()) {
      Type wide = builder.getF32Type();
      return convert(convert(value, from, wide), wide, to);
    }
    if (fromFloat.getWidth() < toFloat.getWidth())
      return arith::ExtFOp::create(builder, loc, target, value);
    return arith::TruncFOp::create(builder, loc, target, value);
  }
  if (fromFloat && isUnsigned(to))
    return arith::FPToUIOp::create(builder, loc, target, value);
  if (fromFloat)
    return arith::FPToSIOp::create(builder, loc, target, value);
  if (toFloat && isUnsigned(from))
    return arith::UIToFPOp::create(builder, loc, target, value);
  if (toFloat)
    return arith::SIToFPOp::create(builder, loc, target, value);
  if (source.getIntOrFloatBitWidth() > target.getIntOrFloatBitWidth())
    return arith::TruncIOp::create(builder, loc, target, value);
  if (isUnsigned(from))
    return arith::ExtUIOp::create(builder, loc, target, value);
  return arith::ExtSIOp::create(builder, loc, target, value);
}

/// Elements of unsigned type are cast to what arithmetic works on.
Value ScalarLowering::load(Value memref, ValueRange indices) {
  Value value = memref::LoadOp::create(builder, loc, memref, indices);
  Type type = signless(value.getType());
  if (type != value.getType())
    value = UnrealizedConversionCastOp::create(builder, loc, type, value)
                .getResult(0);
  return value;
}

void ScalarLowering::store(Value value, Value memref, ValueRange indices) {
  Type type = elementOf(memref);
  if (value.getType() != type)
    value = UnrealizedConversionCastOp::create(builder, loc, type, value)
                .getResult(0);
  memref::StoreOp::create(builder, loc, value, memref, indices);
}

Value ScalarLowering::addOffset(Value offset, Value index) {
  return builder.createOrFold<arith::AddIOp>(loc, offset, index);
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

void ScalarLowering::forEach(int64_t extent, StringRef name, LoopBody body) {
  if (extent == 1)
    return body(constant(0));
  Location named = NameLoc::get(builder.getStringAttr(name), loc);
  auto loop = scf::ForOp::create(builder, named, constant(0), constant(extent),
                                 constant(1));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

void ScalarLowering::forAll(ArrayRef<int64_t> extents, NestBody body) {
  static constexpr StringRef names[] = {"i", "j", "k", "l"};
  SmallVector<Value> point;
  auto nest = [&](auto &self, unsigned dim) -> void {
    if (dim == extents.size())
      return body(point);
    forEach(extents[dim], names[std::min<unsigned>(dim, 3)], [&](Value index) {
      point.push_back(index);
      self(self, dim + 1);
      point.pop_back();
    });
  };
  nest(nest, 0);
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

LogicalResult ScalarLowering::lower(tile::CopyOp copy) {
  auto wide = [](ArrayRef<int64_t> sizes) {
    SmallVector<int64_t> kept;
    for (int64_t size : sizes)
      if (size != 1)
        kept.push_back(size);
    return kept;
  };
  SmallVector<int64_t> extents = wide(copy.getSourceSizes());
  if (extents != wide(copy.getTargetSizes()))
    return emitCoded(copy, Code::BlockMismatch)
           << "T.copy: the two regions have different extents";
  Value source = map.lookup(copy.getSource());
  Value target = map.lookup(copy.getTarget());
  forAll(extents, [&](ValueRange point) {
    auto indices = [&](OperandRange offsets, ArrayRef<int64_t> sizes) {
      SmallVector<Value> at;
      unsigned next = 0;
      for (auto [offset, size] : llvm::zip(offsets, sizes)) {
        Value base = map.lookup(offset);
        at.push_back(size == 1 ? base : addOffset(base, point[next++]));
      }
      return at;
    };
    Value value =
        load(source, indices(copy.getSourceOffsets(), copy.getSourceSizes()));
    store(convert(value, elementOf(source), elementOf(target)), target,
          indices(copy.getTargetOffsets(), copy.getTargetSizes()));
  });
  return success();
}

void ScalarLowering::lower(tile::FillOp fill) {
  Value buffer = map.lookup(fill.getBuffer());
  Value value = map.lookup(fill.getValue());
  forAll(cast<MemRefType>(buffer.getType()).getShape(), [&](ValueRange point) {
    memref::StoreOp::create(builder, loc, value, buffer, point);
  });
}

/// The largest of 4, 2 and 1 that divides `extent`.
static int64_t chooseStep(int64_t extent) {
  return extent % 4 == 0 ? 4 : extent % 2 == 0 ? 2 : 1;
}

/// Sub-blocks of up to 4 x 4 sums, so that an operand is loaded and converted
/// once for four products.
LogicalResult ScalarLowering::lower(tile::GemmOp gemm) {
  Value a = map.lookup(gemm.getA()), b = map.lookup(gemm.getB());
  Value c = map.lookup(gemm.getC());
  auto shapeA = cast<MemRefType>(a.getType()).getShape();
  auto shapeC = cast<MemRefType>(c.getType()).getShape();
  int64_t depth = shapeA[gemm.getTransposeA() ? 0 : 1];
  Type element = elementOf(c), type = accumulator(element);
  int64_t height = chooseStep(shapeC[0]), width = chooseStep(shapeC[1]);
  OpBuilder::InsertionGuard guard(builder);
  auto enter = [&](StringRef name, int64_t extent, int64_t step,
                   ValueRange sums = {}) {
    Location named = NameLoc::get(builder.getStringAttr(name), loc);
    auto loop = scf::ForOp::create(builder, named, constant(0),
                                   constant(extent), constant(step), sums);
    builder.setInsertionPointToStart(loop.getBody());
    return loop;
  };
  auto along = [&](Value first, int64_t count) {
    SmallVector<Value> all;
    for (int64_t n = 0; n < count; ++n)
      all.push_back(n ? addOffset(first, constant(n)) : first);
    return all;
  };
  SmallVector<Value> rows =
      along(enter("i", shapeC[0], height).getInductionVar(), height);
  SmallVector<Value> cols =
      along(enter("j", shapeC[1], width).getInductionVar(), width);
  SmallVector<Value> sums;
  for (Value row : rows)
    for (Value col : cols)
      sums.push_back(
          gemm.getClearAccum()
              ? arith::ConstantOp::create(
                    builder, loc, cast<TypedAttr>(builder.getZeroAttr(type)))
                    .getResult()
              : convert(load(c, {row, col}), element, type));
  scf::ForOp loop = enter("k", depth, 1, sums);
  auto operands = [&](Value memref, ArrayRef<Value> lines, bool kFirst) {
    Value k = loop.getInductionVar();
    return llvm::map_to_vector(lines, [&](Value line) {
      Value at[] = {kFirst ? k : line, kFirst ? line : k};
      return convert(load(memref, at), elementOf(memref), type);
    });
  };
  SmallVector<Value> xs = operands(a, rows, gemm.getTransposeA());
  SmallVector<Value> ys = operands(b, cols, !gemm.getTransposeB());
  SmallVector<Value> next;
  for (auto [row, x] : llvm::enumerate(xs))
    for (auto [col, y] : llvm::enumerate(ys)) {
      Value sum = loop.getRegionIterArgs()[row * width + col];
      if (isa<FloatType>(type))
        sum = arith::AddFOp::create(builder, loc, sum,
                                    arith::MulFOp::create(builder, loc, x, y));
      else
        sum = arith::AddIOp::create(builder, loc, sum,
                                    arith::MulIOp::create(builder, loc, x, y));
      next.push_back(sum);
    }
  scf::YieldOp::create(builder, loc, next);
  builder.setInsertionPointAfter(loop);
  for (auto [row, at] : llvm::enumerate(rows))
    for (auto [col, on] : llvm::enumerate(cols))
      store(convert(loop.getResult(row * width + col), type, element), c,
            {at, on});
  return success();
}

/// The value that a reduction starts from.
static TypedAttr identity(OpBuilder &builder, tile::ReduceKind kind,
                          Type type) {
  bool isSum = kind == tile::ReduceKind::Sum ||
               kind == tile::ReduceKind::AbsSum ||
               kind == tile::ReduceKind::AbsMax;
  if (isSum)
    return cast<TypedAttr>(builder.getZeroAttr(type));
  bool isMax = kind == tile::ReduceKind::Max;
  if (isa<FloatType>(type)) {
    double infinity = std::numeric_limits<double>::infinity();
    return builder.getFloatAttr(type, isMax ? -infinity : infinity);
  }
  unsigned width = type.getIntOrFloatBitWidth();
  return builder.getIntegerAttr(type, isMax ? APInt::getSignedMinValue(width)
                                            : APInt::getSignedMaxValue(width));
}

static Value combine(OpBuilder &builder, Location loc, tile::ReduceKind kind,
                     Value acc, Value x) {
  bool isFloat = isa<FloatType>(x.getType());
  if (kind == tile::ReduceKind::AbsMax || kind == tile::ReduceKind::AbsSum)
    x = isFloat ? math::AbsFOp::create(builder, loc, x).getResult()
                : math::AbsIOp::create(builder, loc, x).getResult();
  switch (kind) {
  case tile::ReduceKind::Sum:
  case tile::ReduceKind::AbsSum:
    return isFloat ? arith::AddFOp::create(builder, loc, acc, x).getResult()
                   : arith::AddIOp::create(builder, loc, acc, x).getResult();
  case tile::ReduceKind::Max:
  case tile::ReduceKind::AbsMax:
    return isFloat ? arith::MaximumFOp::create(builder, loc, acc, x).getResult()
                   : arith::MaxSIOp::create(builder, loc, acc, x).getResult();
  case tile::ReduceKind::Min:
    return isFloat ? arith::MinimumFOp::create(builder, loc, acc, x).getResult()
                   : arith::MinSIOp::create(builder, loc, acc, x).getResult();
  default:
    return {};
  }
}

LogicalResult ScalarLowering::lower(tile::ReduceOp reduce) {
  Value source = map.lookup(reduce.getSource());
  Value target = map.lookup(reduce.getTarget());
  auto shape = cast<MemRefType>(source.getType()).getShape();
  int64_t rank = cast<MemRefType>(target.getType()).getRank();
  int64_t dim = reduce.getDim();
  Type element = elementOf(target), type = accumulator(element);
  SmallVector<int64_t> kept(shape);
  kept.erase(kept.begin() + dim);
  bool known = true;
  forAll(kept, [&](ValueRange point) {
    SmallVector<Value> at(point);
    if (rank == static_cast<int64_t>(shape.size()))
      at.insert(at.begin() + dim, constant(0));
    if (at.empty())
      at.push_back(constant(0));
    at.resize(rank);
    Value first =
        reduce.getClear()
            ? arith::ConstantOp::create(
                  builder, loc, identity(builder, reduce.getKind(), type))
                  .getResult()
            : convert(load(target, at), element, type);
    Location named = NameLoc::get(builder.getStringAttr("k"), loc);
    auto loop = scf::ForOp::create(builder, named, constant(0),
                                   constant(shape[dim]), constant(1), first);
    {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(loop.getBody());
      SmallVector<Value> from(point);
      from.insert(from.begin() + dim, loop.getInductionVar());
      Value x = convert(load(source, from), elementOf(source), type);
      Value next = combine(builder, loc, reduce.getKind(),
                           loop.getRegionIterArgs()[0], x);
      known &= static_cast<bool>(next);
      scf::YieldOp::create(builder, loc, next ? next : x);
    }
    store(convert(loop.getResult(0), type, element), target, at);
  });
  if (known)
    return success();
  return emitCoded(reduce, Code::UnsupportedTileOperation)
         << "this reduction has no scalar form";
}

void ScalarLowering::lower(tile::CumsumOp sums) {
  Value source = map.lookup(sums.getSource());
  Value target = map.lookup(sums.getTarget());
  int64_t dim = sums.getDim();
  Type type = accumulator(elementOf(target));
  SmallVector<int64_t> others(cast<MemRefType>(source.getType()).getShape());
  int64_t length = others[dim];
  others.erase(others.begin() + dim);
  forAll(others, [&](ValueRange point) {
    Value zero = arith::ConstantOp::create(
        builder, loc, cast<TypedAttr>(builder.getZeroAttr(type)));
    Location named = NameLoc::get(builder.getStringAttr("k"), loc);
    auto loop = scf::ForOp::create(builder, named, constant(0),
                                   constant(length), constant(1), zero);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> at(point);
    at.insert(at.begin() + dim, loop.getInductionVar());
    Value sum = combine(builder, loc, tile::ReduceKind::Sum,
                        loop.getRegionIterArgs()[0],
                        convert(load(source, at), elementOf(source), type));
    store(convert(sum, type, elementOf(target)), target, at);
    scf::YieldOp::create(builder, loc, sum);
  });
}

LogicalResult ScalarLowering::lower(tile::ParallelOp loop) {
  OpBuilder::InsertionGuard guard(builder);
  for (auto [index, extent, name] :
       llvm::zip(loop.getBody().getArguments(), loop.getExtents(),
                 loop.getNames().getAsValueRange<StringAttr>())) {
    Location named = NameLoc::get(builder.getStringAttr(name), loc);
    auto nested = scf::ForOp::create(builder, named, constant(0),
                                     constant(extent), constant(1));
    builder.setInsertionPointToStart(nested.getBody());
    map.map(index, nested.getInductionVar());
  }
  return lowerBlock(loop.getBody().front());
}

LogicalResult ScalarLowering::lower(tile::ForOp loop) {
  Location named = NameLoc::get(loop.getNameAttr(), loc);
  auto lowered = scf::ForOp::create(builder, named, map.lookup(loop.getLower()),
                                    map.lookup(loop.getUpper()),
                                    map.lookup(loop.getStep()));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(lowered.getBody());
  map.map(loop.getInductionVar(), lowered.getInductionVar());
  return lowerBlock(loop.getBody().front());
}

/// scf operations: the same one, with lowered regions.
LogicalResult ScalarLowering::lowerRegions(Operation *op) {
  Operation *copy = builder.insert(op->cloneWithoutRegions(map));
  OpBuilder::InsertionGuard guard(builder);
  for (auto [from, to] : llvm::zip(op->getRegions(), copy->getRegions())) {
    if (from.empty())
      continue;
    SmallVector<Location> locations;
    for (BlockArgument argument : from.getArguments())
      locations.push_back(argument.getLoc());
    Block *block = builder.createBlock(
        &to, to.end(), from.front().getArgumentTypes(), locations);
    map.map(from.getArguments(), block->getArguments());
    if (failed(lowerBlock(from.front())))
      return failure();
  }
  return success();
}

LogicalResult ScalarLowering::lowerOp(Operation *op) {
  loc = op->getLoc();
  if (auto copy = dyn_cast<tile::CopyOp>(op))
    return lower(copy);
  if (auto fill = dyn_cast<tile::FillOp>(op)) {
    lower(fill);
    return success();
  }
  if (auto gemm = dyn_cast<tile::GemmOp>(op))
    return lower(gemm);
  if (auto reduce = dyn_cast<tile::ReduceOp>(op))
    return lower(reduce);
  if (auto sums = dyn_cast<tile::CumsumOp>(op)) {
    lower(sums);
    return success();
  }
  if (auto loop = dyn_cast<tile::ParallelOp>(op))
    return lower(loop);
  if (auto loop = dyn_cast<tile::ForOp>(op))
    return lower(loop);
  if (auto item = dyn_cast<tt::WorkItemOp>(op)) {
    map.map(item.getBlock(),
            metalium::WorkItemOp::create(builder, loc, builder.getIndexType(),
                                         map.lookup(item.getIndex()))
                .getBlock());
    return success();
  }
  if (isa<tile::AllocOp, tt::AccessorOp>(op))
    return success();
  if (isa<tile::PrintOp, tile::AssertOp>(op) ||
      (op->getNumRegions() == 0 &&
       !isa<tile::TileDialect, tt::TTDialect>(op->getDialect()))) {
    builder.clone(*op, map);
    return success();
  }
  if (isa<scf::SCFDialect>(op->getDialect()))
    return lowerRegions(op);
  return emitCoded(op, Code::UnsupportedTileOperation)
         << "'" << op->getName() << "' has no scalar form";
}

LogicalResult ScalarLowering::lowerBlock(Block &block) {
  for (Operation &op : block) {
    // Loops that a builder makes have their terminator already.
    if (isa<scf::YieldOp>(op) && op.getNumOperands() == 0 &&
        !builder.getInsertionBlock()->empty() &&
        isa<scf::YieldOp>(builder.getInsertionBlock()->back()))
      continue;
    if (failed(lowerOp(&op)))
      return failure();
  }
  return success();
}

} // namespace tilewright
