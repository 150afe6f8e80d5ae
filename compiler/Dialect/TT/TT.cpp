//===- TT.cpp - The tt dialect: parsers, printers, verifiers --------------===//

#include "compiler/Dialect/TT/TT.h"

#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageA.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tilewright;
using namespace tilewright::tt;

//===----------------------------------------------------------------------===//
// Extents, of which `?` is one that only a call knows
//===----------------------------------------------------------------------===//

static ParseResult parseExtent(AsmParser &parser, int64_t &extent) {
  if (succeeded(parser.parseOptionalQuestion())) {
    extent = ShapedType::kDynamic;
    return success();
  }
  return parser.parseInteger(extent);
}

static void printExtent(AsmPrinter &printer, int64_t extent) {
  if (ShapedType::isDynamic(extent))
    printer << '?';
  else
    printer << extent;
}

static ParseResult parseExtents(AsmParser &parser,
                                SmallVector<int64_t> &extents) {
  return parser.parseCommaSeparatedList(
      [&] { return parseExtent(parser, extents.emplace_back()); });
}

static void printExtents(AsmPrinter &printer, ArrayRef<int64_t> extents) {
  llvm::interleaveComma(extents, printer,
                        [&](int64_t extent) { printExtent(printer, extent); });
}

#include "compiler/Dialect/TT/TTDialect.cpp.inc"
#include "compiler/Dialect/TT/TTEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "compiler/Dialect/TT/TTAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "compiler/Dialect/TT/TTTypes.cpp.inc"

void TTDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "compiler/Dialect/TT/TTAttrs.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "compiler/Dialect/TT/TTTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "compiler/Dialect/TT/TTOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Formats
//===----------------------------------------------------------------------===//

int64_t tt::getTileBytes(DataFormat format) {
  constexpr int64_t elements = kTileDim * kTileDim;
  // Block formats: one exponent byte for each 16 elements, then the magnitudes.
  constexpr int64_t exponents = elements / 16;
  switch (format) {
  case DataFormat::Float32:
  case DataFormat::Int32:
  case DataFormat::UInt32:
    return elements * 4;
  case DataFormat::Float16:
  case DataFormat::Float16_b:
  case DataFormat::UInt16:
    return elements * 2;
  case DataFormat::Int8:
  case DataFormat::UInt8:
    return elements;
  case DataFormat::Bfp8_b:
    return elements + exponents;
  case DataFormat::Bfp4_b:
    return elements / 2 + exponents;
  }
  llvm_unreachable("every format has a size");
}

std::optional<DataFormat> tt::getDataFormat(Type type) {
  if (type.isF32())
    return DataFormat::Float32;
  if (type.isF16())
    return DataFormat::Float16;
  if (type.isBF16())
    return DataFormat::Float16_b;
  if (type.isSignlessInteger(32))
    return DataFormat::Int32;
  if (type.isUnsignedInteger(32))
    return DataFormat::UInt32;
  if (type.isUnsignedInteger(16))
    return DataFormat::UInt16;
  if (type.isSignlessInteger(8))
    return DataFormat::Int8;
  if (type.isUnsignedInteger(8))
    return DataFormat::UInt8;
  return std::nullopt;
}

Type tt::getElementType(DataFormat format, MLIRContext *context) {
  switch (format) {
  case DataFormat::Float32:
    return Float32Type::get(context);
  case DataFormat::Float16:
    return Float16Type::get(context);
  case DataFormat::Float16_b:
  case DataFormat::Bfp8_b:
  case DataFormat::Bfp4_b:
    return BFloat16Type::get(context);
  case DataFormat::Int32:
    return IntegerType::get(context, 32);
  case DataFormat::UInt32:
    return IntegerType::get(context, 32, IntegerType::Unsigned);
  case DataFormat::UInt16:
    return IntegerType::get(context, 16, IntegerType::Unsigned);
  case DataFormat::Int8:
    return IntegerType::get(context, 8);
  case DataFormat::UInt8:
    return IntegerType::get(context, 8, IntegerType::Unsigned);
  }
  llvm_unreachable("every format has an element type");
}

//===----------------------------------------------------------------------===//
// Attributes and types
//===----------------------------------------------------------------------===//

LogicalResult CBAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                             DataFormat format, int64_t pageBytes,
                             int64_t blockPages, int64_t depth) {
  if (pageBytes != getTileBytes(format))
    return emitError() << "a page of " << stringifyDataFormat(format) << " has "
                       << getTileBytes(format) << " bytes, not " << pageBytes;
  if (blockPages < 1 || depth < 1)
    return emitError()
           << "a circular buffer holds at least one block of one page";
  return success();
}

LogicalResult LayoutAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 Memory, Placement placement,
                                 ArrayRef<int64_t> plane,
                                 ArrayRef<int64_t> tile, DataFormat, CBAttr,
                                 ShardAttr shard) {
  if (plane.size() != 2 || plane[0] < -1 || plane[1] < -1 ||
      (plane[0] == plane[1] && plane[0] != -1))
    return emitError() << "'plane' names two different dimensions, -1 for none";
  if (tile != ArrayRef<int64_t>({kTileDim, kTileDim}))
    return emitError() << "a tile is [32, 32]";
  if ((placement == Placement::Sharded) != bool(shard))
    return emitError() << "a sharded tensor, and no other, has a 'shard'";
  return success();
}

LogicalResult ShardAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                ArrayRef<int64_t> axes, ArrayRef<int64_t> grid,
                                ArrayRef<int64_t> shape,
                                ArrayRef<int64_t> cores,
                                ArrayRef<int64_t> tiles, StringRef) {
  auto positive = [](int64_t n) { return n >= 1; };
  if (axes.empty() || axes.size() != grid.size() || axes.size() != shape.size())
    return emitError() << "a shard has one grid extent and one size an axis";
  if (cores.size() != 2 || tiles.size() != 2)
    return emitError() << "'cores' and 'tiles' are rows and columns";
  if (!llvm::all_of(grid, positive) || !llvm::all_of(shape, positive) ||
      !llvm::all_of(cores, positive) || !llvm::all_of(tiles, positive))
    return emitError() << "extents of a shard are at least 1";
  return success();
}

int64_t ShardAttr::getNumShards() const {
  int64_t shards = 1;
  for (int64_t extent : getGrid())
    shards *= extent;
  return shards;
}

int64_t ShardAttr::getShardOf(ArrayRef<int64_t> element) const {
  int64_t shard = 0;
  for (auto [axis, extent, size] : llvm::zip(getAxes(), getGrid(), getShape()))
    shard = shard * extent + std::min(element[axis] / size, extent - 1);
  return shard;
}

LogicalResult OrderAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                OrderKind kind, ArrayRef<int64_t> sizes,
                                ArrayRef<int64_t> items, int64_t stride) {
  size_t wanted = kind == OrderKind::BlockLinear  ? 1
                  : kind == OrderKind::MatchShard ? 2
                                                  : 0;
  if (sizes.size() != wanted ||
      !llvm::all_of(sizes, [](int64_t size) { return size >= 1; }))
    return emitError() << stringifyOrderKind(kind) << " has " << wanted
                       << " sizes of at least 1";
  if ((kind == OrderKind::Listed) == items.empty())
    return emitError() << "a listed order, and no other, has 'items'";
  if (stride < 0 || (stride && kind == OrderKind::Listed))
    return emitError() << "a stride is at least 1, and a listed order has none";
  return success();
}

int64_t OrderAttr::getPlace(int64_t item, int64_t items) const {
  int64_t stride = getStride();
  if (stride <= 1)
    return item;
  // The run is the larger of what the lengths of the first and of the other
  // runs give.
  int64_t length = items / stride, longer = items % stride;
  int64_t run = item / (length + 1);
  if (length > 0)
    run = std::max(run, (std::max(item, longer) - longer) / length);
  return (item - run * length - std::min(run, longer)) * stride + run;
}

int64_t OrderAttr::getBlock(int64_t item, ArrayRef<int64_t> launch) const {
  if (getKind() == OrderKind::Listed)
    return getItems()[item];
  int64_t columns = launch[0], rows = launch.size() > 1 ? launch[1] : 1;
  item = getPlace(item, columns * rows * (launch.size() > 2 ? launch[2] : 1));
  int64_t plane = item / (columns * rows), at = item % (columns * rows);
  int64_t x = at % columns, y = at / columns;
  switch (getKind()) {
  case OrderKind::ColumnMajor:
    x = at / rows, y = at % rows;
    break;
  case OrderKind::BlockLinear: {
    int64_t panel = at / (getSizes()[0] * columns);
    int64_t inside = at % (getSizes()[0] * columns);
    int64_t height = std::min(getSizes()[0], rows - panel * getSizes()[0]);
    x = inside / height, y = panel * getSizes()[0] + inside % height;
    break;
  }
  case OrderKind::MatchShard: {
    int64_t height = getSizes()[0], width = getSizes()[1];
    int64_t shard = at / (height * width), inside = at % (height * width);
    x = shard % (columns / width) * width + inside % width;
    y = shard / (columns / width) * height + inside / width;
    break;
  }
  case OrderKind::ZOrder: {
    int64_t bits = std::min(llvm::Log2_64(columns), llvm::Log2_64(rows));
    x = y = 0;
    for (int64_t bit = 0; bit < bits; ++bit) {
      x |= (at >> (2 * bit) & 1) << bit;
      y |= (at >> (2 * bit + 1) & 1) << bit;
    }
    (columns > rows ? x : y) |= at >> (2 * bits) << bits;
    break;
  }
  case OrderKind::RowMajor:
  case OrderKind::Listed:
    break;
  }
  return (plane * rows + y) * columns + x;
}

/// `isPlain`: there are no starts, counts, order and shards.
static LogicalResult
verifyDynamicWork(function_ref<InFlightDiagnostic()> emitError,
                  ArrayRef<int64_t> launch, AffineMap extents, ArrayAttr sizes,
                  bool isPlain) {
  if (!isPlain)
    return emitError() << "the host cuts work whose extents are '?': it has no "
                          "starts, counts, order and shards";
  if (extents.getNumDims() != 0 || extents.getNumResults() != launch.size())
    return emitError() << "'extents' has one result an extent, and no "
                          "dimensions";
  if (!sizes || sizes.size() != extents.getNumSymbols() ||
      !llvm::all_of(sizes, llvm::IsaPred<StringAttr>))
    return emitError() << "'sizes' has a name for each of the "
                       << extents.getNumSymbols() << " symbols of 'extents'";
  for (auto [extent, expr] : llvm::zip(launch, extents.getResults()))
    if (!ShapedType::isDynamic(extent) &&
        expr != getAffineConstantExpr(extent, expr.getContext()))
      return emitError() << "the extent " << extent
                         << " is another one in "
                            "'extents'";
  return success();
}

LogicalResult WorkAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               PartitionMode mode, ArrayRef<int64_t> launch,
                               ArrayRef<int64_t> cores,
                               ArrayRef<int64_t> starts,
                               ArrayRef<int64_t> counts, OrderAttr order,
                               ShardAttr shard, AffineMapAttr extents,
                               ArrayAttr sizes) {
  if (launch.empty() || launch.size() > 3)
    return emitError() << "a launch grid has one to three extents";
  if (cores.size() != 2 || cores[0] < 1 || cores[1] < 1)
    return emitError() << "a core grid has two extents of at least 1";
  if (mode == PartitionMode::LocalShard && !shard)
    return emitError() << "local shard mode, but the shard is missing";
  if (mode == PartitionMode::Global && shard)
    return emitError() << "a shard in mode global; its mode is local_shard";
  if (llvm::any_of(launch, ShapedType::isDynamic) != bool(extents))
    return emitError() << "'extents' says what the extents '?' of a launch are";
  if (extents)
    return verifyDynamicWork(emitError, launch, extents.getValue(), sizes,
                             starts.empty() && counts.empty() && !order &&
                                 !shard);
  size_t numCores = cores[0] * cores[1];
  if (starts.size() != numCores || counts.size() != numCores)
    return emitError() << "'starts' and 'counts' have one entry a core, "
                       << numCores;
  int64_t items = 1;
  for (int64_t extent : launch)
    items *= extent;
  SmallVector<std::pair<int64_t, int64_t>> ranges;
  for (auto [start, count] : llvm::zip(starts, counts)) {
    if (start < 0 || count < 0)
      return emitError() << "starts and counts are not negative";
    if (count > 0)
      ranges.push_back({start, count});
  }
  llvm::sort(ranges);
  int64_t next = 0;
  for (auto [start, count] : ranges) {
    if (start != next)
      return emitError() << "work item " << std::min(start, next)
                         << " is covered "
                         << (start < next ? "twice" : "by no core");
    next = start + count;
  }
  if (next != items)
    return emitError() << "the launch has " << items
                       << " work items, the cores cover " << next;
  if (!order)
    return success();
  if (order.getKind() == OrderKind::Listed &&
      int64_t(order.getItems().size()) != items)
    return emitError() << "the order lists " << order.getItems().size()
                       << " blocks, the launch has " << items;
  if (order.getKind() == OrderKind::MatchShard &&
      (launch.size() < 2 || launch[0] % order.getSizes()[1] != 0 ||
       launch[1] % order.getSizes()[0] != 0))
    return emitError() << "shards of match_shard divide the launch";
  if (order.getKind() == OrderKind::ZOrder &&
      !llvm::all_of(launch.take_front(2),
                    [](int64_t extent) { return llvm::isPowerOf2_64(extent); }))
    return emitError() << "extents of z_order are powers of two";
  // Every block is one item: the order is a permutation.
  llvm::BitVector seen(items);
  for (int64_t item = 0; item < items; ++item) {
    int64_t block = order.getBlock(item, launch);
    if (block < 0 || block >= items)
      return emitError() << "work item " << item << " is block " << block
                         << " of " << items;
    if (seen.test(block))
      return emitError() << "block " << block << " is done twice";
    seen.set(block);
  }
  return success();
}

bool tt::isTensor(Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  auto layout = dyn_cast_or_null<LayoutAttr>(type.getMemorySpace());
  return isa<BlockArgument>(memref) ||
         (layout && layout.getMemory() == Memory::Dram);
}

int64_t tt::getL1BytesPerCore(MemRefType type, int64_t cores) {
  auto layout = dyn_cast_or_null<LayoutAttr>(type.getMemorySpace());
  if (!layout || layout.getMemory() != Memory::L1)
    return 0;
  int64_t page = getTileBytes(layout.getFormat());
  ShardAttr shard = layout.getShard();
  int64_t pages = 1;
  for (auto [dim, extent] : llvm::enumerate(type.getShape())) {
    int64_t inShard = extent;
    if (shard)
      for (auto [axis, size] : llvm::zip(shard.getAxes(), shard.getShape()))
        if (axis == int64_t(dim))
          inShard = size;
    pages *= llvm::is_contained(layout.getPlane(), int64_t(dim))
                 ? llvm::divideCeil(inShard, kTileDim)
                 : inShard;
  }
  int64_t times =
      shard ? llvm::divideCeil(shard.getNumShards(), shard.getNumCores()) : 1;
  if (!shard)
    pages = llvm::divideCeil(pages, cores);
  return times * pages * page;
}

int64_t tt::getBlockTableBytes(WorkAttr work, int64_t argWords) {
  constexpr int64_t alignment = 32;
  OrderAttr order = work ? work.getOrder() : OrderAttr();
  if (!order || order.getKind() != OrderKind::Listed)
    return 0;
  int64_t longest = *llvm::max_element(work.getCounts());
  return longest <= argWords / 2 ? 0 : llvm::alignTo(longest * 4, alignment);
}

Type BlockType::parse(AsmParser &parser) {
  SmallVector<int64_t> shape;
  Type element;
  if (parser.parseLess() ||
      parser.parseDimensionList(shape, /*allowDynamic=*/false) ||
      parser.parseType(element) || parser.parseGreater())
    return {};
  if (shape.size() != 2) {
    parser.emitError(parser.getNameLoc(),
                     "a block has tile rows and tile columns");
    return {};
  }
  return get(parser.getContext(), shape[0], shape[1], element);
}

void BlockType::print(AsmPrinter &printer) const {
  printer << "<" << getRows() << "x" << getCols() << "x" << getElement() << ">";
}

//===----------------------------------------------------------------------===//
// Custom parts of assembly formats
//===----------------------------------------------------------------------===//

/// `(%a, %b) { body }`: index block arguments, then a region.
static ParseResult parseBody(OpAsmParser &parser, Region &body) {
  SmallVector<OpAsmParser::Argument> args;
  if (parser.parseArgumentList(args, AsmParser::Delimiter::Paren))
    return failure();
  for (OpAsmParser::Argument &arg : args)
    arg.type = parser.getBuilder().getIndexType();
  if (parser.parseRegion(body, args))
    return failure();
  if (body.empty())
    body.emplaceBlock();
  return success();
}

static void printBody(OpAsmPrinter &printer, Operation *, Region &body) {
  printer << "(";
  llvm::interleaveComma(body.getArguments(), printer, [&](BlockArgument arg) {
    printer.printRegionArgument(arg, {}, /*omitType=*/true);
  });
  printer << ") ";
  printer.printRegion(body, /*printEntryBlockArgs=*/false);
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

/// Rows and columns of two blocks agree.
static LogicalResult sameShape(Operation *op, BlockType a, BlockType b,
                               StringRef what) {
  if (a.getRows() == b.getRows() && a.getCols() == b.getCols())
    return success();
  return emitCoded(op, Code::MalformedIR)
         << what << ": " << a << " and " << b << " differ in shape";
}

/// A block of the shape that spreads to `full` under `bcast`.
static LogicalResult spreads(Operation *op, Broadcast bcast, BlockType part,
                             BlockType full) {
  int64_t rows = bcast == Broadcast::Row || bcast == Broadcast::Scalar
                     ? 1
                     : full.getRows();
  int64_t cols = bcast == Broadcast::Col || bcast == Broadcast::Scalar
                     ? 1
                     : full.getCols();
  if (part.getRows() == rows && part.getCols() == cols)
    return success();
  return emitCoded(op, Code::MalformedIR)
         << part << " does not spread to " << full << " by "
         << stringifyBroadcast(bcast);
}

LogicalResult AccessorOp::verify() {
  auto memref = cast<MemRefType>(getMemref().getType());
  TensorType tensor = getTensor().getType();
  auto layout = dyn_cast_or_null<LayoutAttr>(memref.getMemorySpace());
  if (!layout)
    return emitCoded(*this, Code::MissingLayout)
           << "tensor " << tensor.getName() << " has no #tt.layout";
  if (layout != tensor.getLayout() ||
      memref.getElementType() != tensor.getElement())
    return emitCoded(*this, Code::MalformedIR)
           << "the accessor of " << tensor.getName()
           << " does not describe its tensor";
  for (Operation *op = *this; op; op = op->getPrevNode())
    if (StringRef name = op->getName().stripDialect();
        name == "launch" || name == "core_program")
      return emitCoded(*this, Code::MalformedIR)
             << "the accessor of " << tensor.getName()
             << " does not stand before the launches";
  return success();
}

LogicalResult CoreProgramOp::verify() {
  if (getBody().getNumArguments() != 2)
    return emitCoded(*this, Code::MalformedIR)
           << "a core program has a first item and a count";
  return success();
}

LogicalResult ReadToCBOp::verify() {
  auto cb = dyn_cast<CircularBufferType>(getCb().getType());
  BlockType block = getBlock().getType();
  if (cb && cb.getGeometry().getBlockPages() != block.getNumTiles())
    return emitCoded(*this, Code::MalformedIR)
           << "a block of " << block.getNumTiles()
           << " tiles goes into a circular"
           << " buffer with blocks of " << cb.getGeometry().getBlockPages();
  return success();
}

/// What gathers and scatters have in common: a body for each of the first
/// `extents` elements of `block`, which goes through `cb`.
template <typename OpTy>
static LogicalResult verifyByElement(OpTy op, ValueRange tensors) {
  auto cb = dyn_cast<CircularBufferType>(op.getCb().getType());
  auto block = cast<BlockType>(op.getBlock().getType());
  auto error = [&] { return emitCoded(op, Code::MalformedIR); };
  if (cb && cb.getGeometry().getBlockPages() != block.getNumTiles())
    return error() << "a block of " << block.getNumTiles()
                   << " tiles goes through a circular buffer with blocks of "
                   << cb.getGeometry().getBlockPages();
  if (tensors.empty() || tensors.size() != op.getPages().size())
    return error() << tensors.size() << " tensors have pages of "
                   << op.getPages().size();
  ArrayRef<int64_t> extents = op.getExtents();
  if (extents.size() != 2 || extents[0] < 1 || extents[1] < 1 ||
      extents[0] > block.getRows() * kTileDim ||
      extents[1] > block.getCols() * kTileDim)
    return error() << "the extents are rows and columns inside the block";
  Block &body = op.getBody().front();
  if (body.getNumArguments() != 2 ||
      !llvm::all_of(body.getArgumentTypes(), llvm::IsaPred<IndexType>))
    return error() << "the body has a row and a column";
  for (auto load : body.template getOps<LoadElementOp>())
    if (!llvm::is_contained(tensors, load.getTensor()))
      return error() << "an element is loaded from a tensor that is not named";
  return success();
}

LogicalResult GatherToCBOp::verify() {
  if (failed(verifyByElement(*this, getTensors())))
    return failure();
  auto yield = cast<YieldOp>(getBody().front().getTerminator());
  if (yield.getValues().size() == 1 &&
      yield.getValues()[0].getType() == getBlock().getType().getElement())
    return success();
  return emitCoded(*this, Code::MalformedIR)
         << "a gather yields one element of type "
         << getBlock().getType().getElement();
}

LogicalResult ScatterFromCBOp::verify() {
  if (failed(verifyByElement(*this, getTensors())))
    return failure();
  auto yield = cast<YieldOp>(getBody().front().getTerminator());
  if (yield.getValues().size() >= 2 &&
      yield.getValues()[0].getType().isInteger(1) &&
      llvm::all_of(yield.getValues().drop_front().getTypes(),
                   llvm::IsaPred<IndexType>))
    return success();
  return emitCoded(*this, Code::MalformedIR)
         << "a scatter yields a condition and the indices of a tensor";
}

Value tilewright::tt::getOutgoingBuffer(OpOperand &use) {
  Operation *user = use.getOwner();
  if (auto write = dyn_cast<WriteFromCBOp>(user))
    return use.get() == write.getBlock() ? write.getCb() : Value();
  if (auto scatter = dyn_cast<ScatterFromCBOp>(user))
    return use.get() == scatter.getBlock() ? scatter.getCb() : Value();
  if (auto inspect = dyn_cast<InspectOp>(user))
    return use.get() == inspect.getBlock() ? inspect.getCb() : Value();
  auto move = dyn_cast<MoveElementsOp>(user);
  if (!move || !isa<BlockType>(use.get().getType()))
    return {};
  for (auto [block, cb] : llvm::zip(move.getBlocksMutable(), move.getThrough()))
    if (&block == &use)
      return cb;
  return {};
}

LogicalResult MoveElementsOp::verify() {
  auto error = [&] { return emitCoded(*this, Code::MalformedIR); };
  auto cb = dyn_cast<CircularBufferType>(getCb().getType());
  BlockType block = getBlock().getType();
  if (cb && cb.getGeometry().getBlockPages() != block.getNumTiles())
    return error() << "a block of " << block.getNumTiles()
                   << " tiles goes through a circular buffer with blocks of "
                   << cb.getGeometry().getBlockPages();
  if (getBlocks().size() != getThrough().size() ||
      getTensors().size() != getPages().size())
    return error() << "each block and each tensor has a circular buffer";
  if (std::optional<int64_t> onto = getOnto())
    if (*onto < 0 || *onto >= static_cast<int64_t>(getBlocks().size()) ||
        getBlocks()[*onto].getType() != block)
      return error() << "the new block starts as one of its type";
  ArrayRef<int64_t> extents = getExtents();
  Block &body = getBody().front();
  if (extents.size() != 2 || extents[0] < 1 || extents[1] < 1)
    return error() << "the extents are rows and columns";
  if (body.getNumArguments() < 2 ||
      !isa<IndexType>(body.getArgument(0).getType()) ||
      !isa<IndexType>(body.getArgument(1).getType()) ||
      TypeRange(body.getArgumentTypes()).drop_front(2) !=
          TypeRange(getBlocks()))
    return error() << "the body has a row, a column and the blocks";
  for (auto load : body.getOps<LoadElementOp>()) {
    Value source = load.getTensor();
    bool isOfBlock =
        llvm::is_contained(body.getArguments().drop_front(2), source);
    if (!isOfBlock && !llvm::is_contained(getTensors(), source))
      return error() << "an element is loaded from what is not named";
    if (isOfBlock && load.getIndices().size() != 2)
      return error() << "an element of a block has a row and a column";
  }
  ValueRange yields = cast<YieldOp>(body.getTerminator()).getValues();
  if (yields.size() != 4 || !yields[0].getType().isInteger(1) ||
      yields[1].getType() != block.getElement() ||
      !isa<IndexType>(yields[2].getType()) ||
      !isa<IndexType>(yields[3].getType()))
    return error() << "the body yields a condition, an element, its row and "
                      "its column";
  return success();
}

LogicalResult WriteFromCBOp::verify() {
  auto cb = dyn_cast<CircularBufferType>(getCb().getType());
  BlockType block = getBlock().getType();
  if (cb && cb.getGeometry().getBlockPages() != block.getNumTiles())
    return emitCoded(*this, Code::MalformedIR)
           << "a block of " << block.getNumTiles()
           << " tiles goes through a circular"
           << " buffer with blocks of " << cb.getGeometry().getBlockPages();
  if ((getRows() || getCols()) && !getElements())
    return emitCoded(*this, Code::MalformedIR)
           << "a block that is cut at run time is written by elements";
  return success();
}

LogicalResult ParallelOp::verify() {
  size_t indices = getExtents().size();
  if (getAccesses().size() != getInputs().size() ||
      getBody().getNumArguments() != indices + getInputs().size())
    return emitCoded(*this, Code::MalformedIR)
           << "a parallel body has one argument an index and one an input";
  if (indices == 0 ||
      llvm::any_of(getExtents(), [](int64_t n) { return n < 1; }))
    return emitCoded(*this, Code::MalformedIR)
           << "the extents of a parallel body are 1 or more";
  if (auto plane = getPlane();
      plane && (plane->size() != 2 || llvm::any_of(*plane, [&](int64_t index) {
                  return index < -1 || index >= int64_t(indices);
                })))
    return emitCoded(*this, Code::MalformedIR)
           << "the plane of a parallel body is two of its " << indices
           << " indices, or -1";
  if (!llvm::all_of(getBody().getArguments().take_front(indices),
                    [](Value v) { return v.getType().isIndex(); }))
    return emitCoded(*this, Code::MalformedIR)
           << "the indices of a parallel body are of type index";
  ValueRange yielded =
      cast<YieldOp>(getBody().front().getTerminator()).getValues();
  if (yielded.size() != getNumResults())
    return emitCoded(*this, Code::MalformedIR)
           << "a parallel body with " << getNumResults()
           << " output blocks yields " << yielded.size() << " values";
  for (auto [value, result] : llvm::zip(yielded, getResults())) {
    Type element = cast<BlockType>(result.getType()).getElement();
    if (value.getType() != element)
      return emitCoded(*this, Code::MalformedIR)
             << "a parallel body yields " << value.getType()
             << " for a block of " << element;
  }
  return success();
}

LogicalResult MmaOp::verify() {
  BlockType a = getA().getType(), b = getB().getType();
  BlockType acc = getAcc().getType();
  if (a.getCols() != b.getRows() || acc.getRows() != a.getRows() ||
      acc.getCols() != b.getCols())
    return emitCoded(*this, Code::MalformedIR)
           << "a is " << a << ", b is " << b << ", the accumulator is " << acc;
  if (acc != getResult().getType())
    return emitCoded(*this, Code::MalformedIR)
           << "the result has the accumulator's type";
  return success();
}

LogicalResult FpuOp::verify() {
  if (failed(
          spreads(*this, getBcast(), getRhs().getType(), getLhs().getType())))
    return failure();
  return sameShape(*this, getLhs().getType(), getResult().getType(), "fpu");
}

LogicalResult SfpuBinaryOp::verify() {
  if (failed(sameShape(*this, getLhs().getType(), getRhs().getType(),
                       "sfpu.binary")))
    return failure();
  return sameShape(*this, getLhs().getType(), getResult().getType(),
                   "sfpu.binary");
}

LogicalResult SfpuScalarOp::verify() {
  return sameShape(*this, getOperand().getType(), getResult().getType(),
                   "sfpu.scalar");
}

LogicalResult SfpuIntScalarOp::verify() {
  if (!isa<IntegerType>(getOperand().getType().getElement()))
    return emitCoded(*this, Code::MalformedIR)
           << "sfpu.int_scalar takes integers, not "
           << getOperand().getType().getElement();
  return sameShape(*this, getOperand().getType(), getResult().getType(),
                   "sfpu.int_scalar");
}

LogicalResult SfpuUnaryOp::verify() {
  return sameShape(*this, getOperand().getType(), getResult().getType(),
                   "sfpu.unary");
}

/// What the compute kernel gets from the reader is read even if the reader has
/// no use for it.
void ReadScalarOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  effects.emplace_back(MemoryEffects::Read::get());
  if (getCompute())
    effects.emplace_back(MemoryEffects::Write::get());
}

LogicalResult BcastOp::verify() {
  return spreads(*this, getBcast(), getOperand().getType(),
                 getResult().getType());
}

LogicalResult WhereOp::verify() {
  for (Value side : {getOnTrue(), getOnFalse(), getCondition()})
    if (failed(sameShape(*this, cast<BlockType>(side.getType()),
                         getResult().getType(), "where")))
      return failure();
  return success();
}

LogicalResult FoldOp::verify() {
  BlockType from = getOperand().getType(), to = getResult().getType();
  bool along = getDim() == ReduceDim::Row;
  if (to.getRows() == (along ? from.getRows() : 1) &&
      to.getCols() == (along ? 1 : from.getCols()))
    return success();
  return emitCoded(*this, Code::MalformedIR)
         << "fold " << stringifyReduceDim(getDim()) << ": " << from
         << " does not become " << to;
}

LogicalResult SfpuReduceOp::verify() {
  return sameShape(*this, getOperand().getType(), getResult().getType(),
                   "sfpu.reduce");
}

/// The shape of `type` with rows and columns exchanged.
static BlockType turned(BlockType type) {
  return BlockType::get(type.getContext(), type.getCols(), type.getRows(),
                        type.getElement());
}

LogicalResult CastOp::verify() {
  BlockType from = getOperand().getType();
  return sameShape(*this, getSwapped() ? turned(from) : from,
                   getResult().getType(), "cast");
}

LogicalResult TransposeOp::verify() {
  BlockType from = getOperand().getType();
  return sameShape(*this, getWhole() ? turned(from) : from,
                   getResult().getType(), "transpose");
}

LogicalResult CumsumOp::verify() {
  return sameShape(*this, getOperand().getType(), getResult().getType(),
                   "cumsum");
}

LogicalResult CopyOp::verify() {
  return sameShape(*this, getOperand().getType(), getResult().getType(),
                   "copy");
}

LogicalResult SectionOp::verify() {
  auto yield = cast<YieldOp>(getBody().front().getTerminator());
  if (yield.getValues().size() != getNumResults() ||
      getOuts().size() != getNumResults())
    return emitCoded(*this, Code::MalformedIR)
           << "a section has one circular buffer and one yielded block a "
              "result";
  if (!getPrevious().empty() && getPrevious().size() != getNumResults())
    return emitCoded(*this, Code::MalformedIR)
           << "an accumulating section has one previous block a result";
  if (getSubblock().getRows() < 1 || getSubblock().getCols() < 1)
    return emitCoded(*this, Code::MalformedIR)
           << "a sub-block has at least one row and one column of tiles";
  for (auto [value, result] : llvm::zip(yield.getValues(), getResults())) {
    auto block = dyn_cast<BlockType>(value.getType());
    if (!block || block != result.getType())
      return emitCoded(*this, Code::MalformedIR)
             << "yielded " << value.getType() << ", the result is "
             << result.getType();
    if (block.getRows() % getSubblock().getRows() ||
        block.getCols() % getSubblock().getCols())
      return emitCoded(*this, Code::MalformedIR)
             << "the sub-block does not divide " << block;
  }
  return success();
}

#define GET_OP_CLASSES
#include "compiler/Dialect/TT/TTOps.cpp.inc"
