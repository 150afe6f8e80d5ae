//===- IntegerGemm.cpp - Products of 8-bit integers -----------------------===//
//
// bfloat16 has every 8-bit integer, the matrix unit multiplies two of them
// exactly in all fidelity phases, and fp32 counts exactly up to 2^24. C += A *
// B on int32 becomes:
//
//   1. A and B are copied to buffers of bfloat16.
//   2. Their product goes to a buffer of fp32.
//   3. That is added to C as int32.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/IntegerGemm.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace tilewright {

/// fp32 counts exactly up to here.
static constexpr int64_t kExactSum = int64_t{1} << 24;

static Type elementOf(Value buffer) {
  return cast<MemRefType>(buffer.getType()).getElementType();
}

/// The largest magnitude of an element.
static int64_t magnitude(Type type) {
  unsigned width = type.getIntOrFloatBitWidth();
  return type.isUnsignedInteger() ? (int64_t{1} << width) - 1
                                  : int64_t{1} << (width - 1);
}

bool hasExactIntegerGemm(tile::GemmOp gemm) {
  Type a = elementOf(gemm.getA()), b = elementOf(gemm.getB());
  if (!a.isInteger(8) || !b.isInteger(8) ||
      !elementOf(gemm.getC()).isInteger(32))
    return false;
  auto shape = cast<MemRefType>(gemm.getA().getType()).getShape();
  int64_t depth = shape[shape.size() - (gemm.getTransposeA() ? 2 : 1)];
  return magnitude(a) * magnitude(b) * depth <= kExactSum;
}

static tile::AllocOp allocLike(OpBuilder &builder, Location loc, Value buffer,
                               const Twine &suffix, Type element) {
  auto type = cast<MemRefType>(buffer.getType());
  auto origin = buffer.getDefiningOp<tile::AllocOp>();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointAfter(origin);
  std::string name = (origin.getName() + suffix).str();
  return tile::AllocOp::create(
      builder, NameLoc::get(builder.getStringAttr(name), loc),
      MemRefType::get(type.getShape(), element, type.getLayout(),
                      type.getMemorySpace()),
      name);
}

/// The same numbers in a buffer of bfloat16.
static Value bfloat16Of(OpBuilder &builder, Location loc, Value buffer) {
  auto shape = cast<MemRefType>(buffer.getType()).getShape();
  Value made = allocLike(builder, loc, buffer, "_bf16", builder.getBF16Type());
  SmallVector<Value> zeros(
      shape.size(), Value(arith::ConstantIndexOp::create(builder, loc, 0)));
  tile::CopyOp::create(builder, loc, buffer, zeros, shape, made, zeros, shape);
  return made;
}

void spellIntegerGemm(tile::GemmOp gemm) {
  Location loc = gemm.getLoc();
  OpBuilder builder(gemm);
  Value c = gemm.getC();
  auto type = cast<MemRefType>(c.getType());
  Value a = bfloat16Of(builder, loc, gemm.getA());
  Value b =
      gemm.getB() == gemm.getA() ? a : bfloat16Of(builder, loc, gemm.getB());
  Value sum = allocLike(builder, loc, c, "_sum", builder.getF32Type());
  tile::GemmOp::create(builder, loc, a, b, sum, gemm.getTransposeA(),
                       gemm.getTransposeB(), /*clear_accum=*/true);
  SmallVector<Attribute> names;
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    names.push_back(builder.getStringAttr("i" + Twine(dim)));
  auto parallel = tile::ParallelOp::create(builder, loc, type.getShape(),
                                           builder.getArrayAttr(names));
  Block &body = parallel.getBody().emplaceBlock();
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    body.addArgument(builder.getIndexType(), loc);
  builder.setInsertionPointToStart(&body);
  Value part = arith::FPToSIOp::create(
      builder, loc, builder.getI32Type(),
      memref::LoadOp::create(builder, loc, sum, body.getArguments()));
  if (!gemm.getClearAccum())
    part = arith::AddIOp::create(
        builder, loc,
        memref::LoadOp::create(builder, loc, c, body.getArguments()), part);
  memref::StoreOp::create(builder, loc, part, c, body.getArguments());
  gemm.erase();
}

} // namespace tilewright
