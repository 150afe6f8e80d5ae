//===- Tile.cpp - The tile dialect: parsers, printers, verifiers ----------===//

#include "compiler/Dialect/Tile/Tile.h"

#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageA.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tilewright;
using namespace tilewright::tile;

#include "compiler/Dialect/Tile/TileDialect.cpp.inc"
#include "compiler/Dialect/Tile/TileEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "compiler/Dialect/Tile/TileAttrs.cpp.inc"

void TileDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "compiler/Dialect/Tile/TileAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "compiler/Dialect/Tile/TileOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Custom parts of assembly formats
//===----------------------------------------------------------------------===//

/// `(%A: type, ...) tensors [...] { body }`
static ParseResult parseArguments(OpAsmParser &parser, ArrayAttr &tensors,
                                  Region &body) {
  SmallVector<OpAsmParser::Argument> args;
  if (parser.parseArgumentList(args, AsmParser::Delimiter::Paren,
                               /*allowType=*/true) ||
      parser.parseKeyword("tensors") || parser.parseAttribute(tensors) ||
      parser.parseRegion(body, args))
    return failure();
  if (body.empty())
    body.emplaceBlock();
  return success();
}

static void printArguments(OpAsmPrinter &printer, Operation *,
                           ArrayAttr tensors, Region &body) {
  printer << "(";
  llvm::interleaveComma(body.getArguments(), printer, [&](BlockArgument arg) {
    printer.printRegionArgument(arg);
  });
  printer << ") tensors " << tensors << " ";
  printer.printRegion(body, /*printEntryBlockArgs=*/false);
}

/// A list of index arguments in parentheses: `(%i, %j)`.
static ParseResult parseIds(OpAsmParser &parser,
                            SmallVectorImpl<OpAsmParser::Argument> &ids) {
  if (parser.parseArgumentList(ids, AsmParser::Delimiter::Paren))
    return failure();
  for (OpAsmParser::Argument &id : ids)
    id.type = parser.getBuilder().getIndexType();
  return success();
}

static void printIds(OpAsmPrinter &printer, Region &body) {
  printer << "(";
  llvm::interleaveComma(body.getArguments(), printer, [&](BlockArgument arg) {
    printer.printRegionArgument(arg, {}, /*omitType=*/true);
  });
  printer << ")";
}

static ParseResult parseBody(OpAsmParser &parser, Region &body,
                             ArrayRef<OpAsmParser::Argument> args) {
  if (parser.parseRegion(body, args))
    return failure();
  if (body.empty())
    body.emplaceBlock();
  return success();
}

/// `(%bx, %by) in (%ex, %ey) names [...] { body }`
static ParseResult
parseBlockIds(OpAsmParser &parser, Region &body,
              SmallVectorImpl<OpAsmParser::UnresolvedOperand> &extents,
              ArrayAttr &names) {
  SmallVector<OpAsmParser::Argument> ids;
  if (parseIds(parser, ids) || parser.parseKeyword("in") ||
      parser.parseOperandList(extents, AsmParser::Delimiter::Paren) ||
      parser.parseKeyword("names") || parser.parseAttribute(names))
    return failure();
  return parseBody(parser, body, ids);
}

static void printBlockIds(OpAsmPrinter &printer, Operation *, Region &body,
                          OperandRange extents, ArrayAttr names) {
  printIds(printer, body);
  printer << " in (" << extents << ") names " << names << " ";
  printer.printRegion(body, /*printEntryBlockArgs=*/false);
}

/// `(%i, %j) in [64, 64] names [...] { body }`
static ParseResult parseParallelIds(OpAsmParser &parser, Region &body,
                                    DenseI64ArrayAttr &extents,
                                    ArrayAttr &names) {
  SmallVector<OpAsmParser::Argument> ids;
  if (parseIds(parser, ids) || parser.parseKeyword("in"))
    return failure();
  extents = llvm::dyn_cast_or_null<DenseI64ArrayAttr>(
      DenseI64ArrayAttr::parse(parser, Type()));
  if (!extents || parser.parseKeyword("names") || parser.parseAttribute(names))
    return failure();
  return parseBody(parser, body, ids);
}

static void printParallelIds(OpAsmPrinter &printer, Operation *, Region &body,
                             DenseI64ArrayAttr extents, ArrayAttr names) {
  printIds(printer, body);
  printer << " in ";
  extents.print(printer);
  printer << " names " << names << " ";
  printer.printRegion(body, /*printEntryBlockArgs=*/false);
}

/// `%k = %lower to %upper step %step { body }`
static ParseResult parseLoop(OpAsmParser &parser, Region &body,
                             OpAsmParser::UnresolvedOperand &lower,
                             OpAsmParser::UnresolvedOperand &upper,
                             OpAsmParser::UnresolvedOperand &step) {
  OpAsmParser::Argument iv;
  if (parser.parseArgument(iv) || parser.parseEqual() ||
      parser.parseOperand(lower) || parser.parseKeyword("to") ||
      parser.parseOperand(upper) || parser.parseKeyword("step") ||
      parser.parseOperand(step))
    return failure();
  iv.type = parser.getBuilder().getIndexType();
  return parseBody(parser, body, iv);
}

static void printLoop(OpAsmPrinter &printer, Operation *, Region &body,
                      Value lower, Value upper, Value step) {
  printer.printRegionArgument(body.getArgument(0), {}, /*omitType=*/true);
  printer << " = " << lower << " to " << upper << " step " << step << " ";
  printer.printRegion(body, /*printEntryBlockArgs=*/false);
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

/// "(128, 32)", as a user writes a shape.
static std::string shapeText(ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "(";
  llvm::interleaveComma(shape, os, [&](int64_t extent) {
    if (ShapedType::isDynamic(extent))
      os << "?";
    else
      os << extent;
  });
  if (shape.size() == 1)
    os << ",";
  os << ")";
  return text;
}

/// Source name of a buffer or tensor, for messages.
static std::string bufferName(Value value) {
  if (auto alloc = value.getDefiningOp<AllocOp>())
    return alloc.getName().str();
  if (auto arg = dyn_cast<BlockArgument>(value))
    if (auto func = dyn_cast<FuncOp>(arg.getOwner()->getParentOp()))
      return func.getTensorName(arg.getArgNumber()).str();
  return "the buffer";
}

LogicalResult FuncOp::verify() {
  if (getTensors().size() != getBody().getNumArguments())
    return emitCoded(*this, Code::MalformedIR)
           << "'tensors' names " << getTensors().size()
           << " arguments, the body has " << getBody().getNumArguments();
  for (auto [tensor, argument] : llvm::zip(
           getTensors().getAsRange<TensorAttr>(), getBody().getArguments())) {
    ArrayAttr sizes = tensor.getSizes();
    if (!sizes)
      continue;
    auto type = dyn_cast<MemRefType>(argument.getType());
    if (!type || int64_t(sizes.size()) != type.getRank() ||
        !llvm::all_of(sizes, llvm::IsaPred<StringAttr>))
      return emitCoded(*this, Code::MalformedIR)
             << "the sizes of " << tensor.getName()
             << " are not one name for each of its dimensions";
  }
  return success();
}

StringRef FuncOp::getSizeName(unsigned index, unsigned dim) {
  ArrayAttr sizes = cast<TensorAttr>(getTensors()[index]).getSizes();
  return sizes ? cast<StringAttr>(sizes[dim]).getValue() : StringRef();
}

LogicalResult LaunchOp::verify() {
  size_t rank = getExtents().size();
  if (rank < 1 || rank > 3)
    return emitCoded(*this, Code::LaunchRank)
           << "a launch grid has one to three extents, this one has " << rank;
  if (getBody().getNumArguments() != rank || getNames().size() != rank)
    return emitCoded(*this, Code::MalformedIR)
           << "a launch has one block id and one name an extent";
  return success();
}

/// Extents other than 1, in order: what a copy matches between its sides.
static SmallVector<int64_t> significant(ArrayRef<int64_t> sizes) {
  return llvm::to_vector(
      llvm::make_filter_range(sizes, [](int64_t s) { return s != 1; }));
}

LogicalResult CopyOp::verify() {
  auto checkSide = [&](Value buffer, size_t offsets, ArrayRef<int64_t> sizes,
                       StringRef side) -> LogicalResult {
    auto type = cast<MemRefType>(buffer.getType());
    if (offsets != size_t(type.getRank()) ||
        sizes.size() != size_t(type.getRank()))
      return emitCoded(*this, Code::MalformedIR)
             << "the " << side << " region has " << offsets << " offsets and "
             << sizes.size() << " sizes, " << bufferName(buffer) << " has rank "
             << type.getRank();
    return success();
  };
  if (failed(checkSide(getSource(), getSourceOffsets().size(), getSourceSizes(),
                       "source")) ||
      failed(checkSide(getTarget(), getTargetOffsets().size(), getTargetSizes(),
                       "target")))
    return failure();
  if (significant(getSourceSizes()) != significant(getTargetSizes())) {
    InFlightDiagnostic diag = emitCoded(*this, Code::CopyShapeMismatch);
    diag << "T.copy: the region of " << bufferName(getSource()) << " is "
         << shapeText(getSourceSizes()) << ", the region of "
         << bufferName(getTarget()) << " is " << shapeText(getTargetSizes());
    diag.attachNote() << "fix: make both regions the same size";
    return diag;
  }
  return success();
}

LogicalResult FillOp::verify() {
  Type element = cast<MemRefType>(getBuffer().getType()).getElementType();
  if (getValue().getType() != element)
    return emitCoded(*this, Code::MalformedIR)
           << "the value has type " << getValue().getType() << ", "
           << bufferName(getBuffer()) << " has elements of type " << element;
  return success();
}

LogicalResult GemmOp::verify() {
  auto a = cast<MemRefType>(getA().getType());
  auto b = cast<MemRefType>(getB().getType());
  auto c = cast<MemRefType>(getC().getType());
  for (auto [value, type] : {std::pair{getA(), a}, {getB(), b}, {getC(), c}})
    if (type.getRank() != 2)
      return emitCoded(*this, Code::GemmShapeMismatch)
             << "T.gemm: " << bufferName(value) << " has rank "
             << type.getRank() << ", operands of a gemm have rank 2";
  int64_t m = a.getDimSize(getTransposeA() ? 1 : 0);
  int64_t k = a.getDimSize(getTransposeA() ? 0 : 1);
  int64_t kb = b.getDimSize(getTransposeB() ? 1 : 0);
  int64_t n = b.getDimSize(getTransposeB() ? 0 : 1);
  if (k == kb && c.getDimSize(0) == m && c.getDimSize(1) == n)
    return success();
  InFlightDiagnostic diag = emitCoded(*this, Code::GemmShapeMismatch);
  diag << "T.gemm: " << bufferName(getA())
       << (getTransposeA() ? " (transposed) " : " ")
       << "is (M, K) = " << shapeText({m, k}) << ", " << bufferName(getB())
       << (getTransposeB() ? " (transposed) " : " ")
       << "is (K, N) = " << shapeText({kb, n}) << ", " << bufferName(getC())
       << " is (M, N) = " << shapeText(c.getShape());
  // What fits when one operand lies the other way.
  if (k == n && c.getDimSize(0) == m && c.getDimSize(1) == kb)
    diag.attachNote() << "fix: " << (getTransposeB() ? "leave out" : "pass")
                      << " transpose_B=True: " << bufferName(getB()) << " is ("
                      << (getTransposeB() ? "K, N)" : "N, K)");
  else if (m == kb && c.getDimSize(0) == k && c.getDimSize(1) == n)
    diag.attachNote() << "fix: " << (getTransposeA() ? "leave out" : "pass")
                      << " transpose_A=True: " << bufferName(getA()) << " is ("
                      << (getTransposeA() ? "M, K)" : "K, M)");
  else if (k != kb)
    diag.attachNote() << "fix: make K of both operands equal";
  else
    diag.attachNote() << "fix: allocate the accumulator as "
                      << shapeText({m, n});
  return diag;
}

LogicalResult ReduceOp::verify() {
  auto source = cast<MemRefType>(getSource().getType());
  auto target = cast<MemRefType>(getTarget().getType());
  int64_t dim = static_cast<int64_t>(getDim());
  if (dim < 0 || dim >= source.getRank())
    return emitCoded(*this, Code::ReduceShapeMismatch)
           << "dimension " << dim << " is outside " << bufferName(getSource())
           << " of rank " << source.getRank();
  SmallVector<int64_t> dropped(source.getShape()), kept(source.getShape());
  dropped.erase(dropped.begin() + dim);
  kept[dim] = 1;
  if (dropped.empty())
    dropped.push_back(1);
  if (target.getShape() != ArrayRef<int64_t>(dropped) &&
      target.getShape() != ArrayRef<int64_t>(kept))
    return emitCoded(*this, Code::ReduceShapeMismatch)
           << "the reduction of " << bufferName(getSource()) << " "
           << shapeText(source.getShape()) << " along dimension " << dim
           << " is " << shapeText(dropped) << ", " << bufferName(getTarget())
           << " is " << shapeText(target.getShape());
  return success();
}

LogicalResult CumsumOp::verify() {
  auto source = cast<MemRefType>(getSource().getType());
  auto target = cast<MemRefType>(getTarget().getType());
  int64_t dim = static_cast<int64_t>(getDim());
  if (dim < 0 || dim >= source.getRank())
    return emitCoded(*this, Code::ReduceShapeMismatch)
           << "dimension " << dim << " is outside " << bufferName(getSource())
           << " of rank " << source.getRank();
  if (source.getShape() != target.getShape())
    return emitCoded(*this, Code::ReduceShapeMismatch)
           << "running sums of " << bufferName(getSource()) << " "
           << shapeText(source.getShape()) << " do not fit "
           << bufferName(getTarget()) << " " << shapeText(target.getShape());
  return success();
}

LogicalResult ParallelOp::verify() {
  if (getExtents().size() != getBody().getNumArguments() ||
      getNames().size() != getExtents().size())
    return emitCoded(*this, Code::MalformedIR)
           << "a parallel loop has one index and one name an extent";
  for (Operation &op : getBody().front())
    if (isa<CopyOp, GemmOp, ReduceOp, LaunchOp>(op))
      return emitCoded(&op, Code::MalformedIR)
             << "an operation on tiles stands in a parallel loop, whose body "
                "is "
                "scalar";
  return success();
}

LogicalResult ForOp::verify() {
  if (getBody().getNumArguments() != 1)
    return emitCoded(*this, Code::MalformedIR)
           << "a loop has one induction variable";
  if (static_cast<int64_t>(getStages()) < 0)
    return emitCoded(*this, Code::NegativeStages)
           << "num_stages is " << static_cast<int64_t>(getStages())
           << ", it counts blocks in flight";
  return success();
}

#define GET_OP_CLASSES
#include "compiler/Dialect/Tile/TileOps.cpp.inc"

Value tilewright::tile::createZero(OpBuilder &builder, Location loc,
                                   Type type) {
  Type plain = isa<IntegerType>(type)
                   ? builder.getIntegerType(type.getIntOrFloatBitWidth())
                   : type;
  Value zero = arith::ConstantOp::create(
      builder, loc, cast<TypedAttr>(builder.getZeroAttr(plain)));
  return plain == type
             ? zero
             : UnrealizedConversionCastOp::create(builder, loc, type, zero)
                   .getResult(0);
}
