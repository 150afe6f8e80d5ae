//===- Metalium.cpp - The metalium dialect: verifiers ---------------------===//

#include "compiler/Dialect/Metalium/Metalium.h"

#include "compiler/Support/Codes/StageD.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tilewright;
using namespace tilewright::metalium;

#include "compiler/Dialect/Metalium/MetaliumDialect.cpp.inc"
#include "compiler/Dialect/Metalium/MetaliumEnums.cpp.inc"
#include "compiler/Dialect/Metalium/MetaliumInterfaces.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "compiler/Dialect/Metalium/MetaliumAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "compiler/Dialect/Metalium/MetaliumTypes.cpp.inc"

#define GET_OP_DEFS_REGISTER
void MetaliumDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "compiler/Dialect/Metalium/MetaliumAttrs.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "compiler/Dialect/Metalium/MetaliumTypes.cpp.inc"
      >();
  registerMetaliumDialectOperations(this);
}

/// The largest NoC packet of any chip, in bytes (Blackhole: 256 flits of 64).
static constexpr int64_t kMaxPacketBytes = 16384;
/// Circular buffers that the API has room for; the chip may have fewer.
static constexpr int64_t kMaxCircularBuffers = 64;
/// The unit of a CB's pages for the unpackers and the packer, in bytes.
static constexpr int64_t kPageUnitBytes = 16;
static constexpr int64_t kMaxSemaphores = 16;

static InFlightDiagnostic malformed(Operation *op) {
  return emitCoded(op, Code::MalformedMetalium) << "'" << op->getName() << "' ";
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

LogicalResult ArgListAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                  ArrayRef<ArgAttr> args) {
  llvm::StringSet<> names;
  for (ArgAttr arg : args)
    if (!names.insert(arg.getName()).second)
      return emitError() << "argument '" << arg.getName()
                         << "' stands twice in the list";
  return success();
}

std::optional<unsigned> ArgListAttr::position(StringRef name) const {
  for (auto [index, arg] : llvm::enumerate(getArgs()))
    if (arg.getName() == name)
      return index;
  return std::nullopt;
}

unsigned ComputeConfigAttr::dstTiles() const {
  return kMaxDstTiles / (getFp32DestAccEn() ? 2 : 1) /
         (getDstFullSyncEn() ? 1 : 2);
}

//===----------------------------------------------------------------------===//
// Program
//===----------------------------------------------------------------------===//

KernelOp ProgramOp::getKernel(KernelRole role) {
  for (auto kernel : getBody().getOps<KernelOp>())
    if (kernel.getRole() == role)
      return kernel;
  return {};
}

int64_t TensorOp::getPageBytes() {
  return tt::getTileBytes(getLayout().getFormat());
}

LogicalResult TensorOp::verify() {
  if (!isa_and_nonnull<tt::LayoutAttr>(getTensorType().getMemorySpace()))
    return malformed(*this) << "tensor '" << getSymName()
                            << "' has no #tt.layout as its memory space";
  auto type = getTensorType();
  tt::LayoutAttr layout = getLayout();
  for (int64_t dim : layout.getPlane())
    if (dim >= type.getRank())
      return malformed(*this)
             << "the tile plane of '" << getSymName() << "' has dimension "
             << dim << ", its rank is " << type.getRank();
  for (int64_t extent : type.getShape())
    if (!ShapedType::isDynamic(extent) && (extent < 1 || extent > UINT32_MAX))
      return malformed(*this) << "'" << getSymName() << "' has an extent of "
                              << extent << ", which no kernel counts";
  if (tt::ShardAttr shard = layout.getShard())
    for (auto [axis, extent, size] :
         llvm::zip(shard.getAxes(), shard.getGrid(), shard.getShape()))
      if (axis < 0 || axis >= type.getRank() ||
          (!type.isDynamicDim(axis) &&
           llvm::divideCeil(uint64_t(type.getDimSize(axis)), uint64_t(size)) !=
               uint64_t(extent)))
        return malformed(*this) << extent << " shards of " << size
                                << " elements along dimension " << axis
                                << " do not cut '" << getSymName() << "'";
  ArrayAttr sizes = getSizesAttr();
  if (sizes ? int64_t(sizes.size()) != type.getRank() : !type.hasStaticShape())
    return malformed(*this) << "tensor '" << getSymName()
                            << "' has no name for each of its sizes";
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim) &&
        cast<StringAttr>(sizes[dim]).getValue().empty())
      return malformed(*this) << "dimension " << dim << " of tensor '"
                              << getSymName() << "' has neither a number nor "
                              << "a name";
  return success();
}

LogicalResult CircularBufferOp::verify() {
  if (getIndex() < 0 || getIndex() >= kMaxCircularBuffers)
    return malformed(*this)
           << "'" << getSymName() << "' has index " << getIndex()
           << ", the limit is " << kMaxCircularBuffers - 1;
  if (getPages() < 1)
    return malformed(*this) << "'" << getSymName() << "' has no pages";
  if (getPageBytes() < 1 || getPageBytes() % kPageUnitBytes != 0)
    return malformed(*this)
           << "'" << getSymName() << "' has pages of " << getPageBytes()
           << " bytes, which is not a multiple of " << kPageUnitBytes;
  return success();
}

LogicalResult SemaphoreOp::verify() {
  if (getId() < 0 || getId() >= kMaxSemaphores)
    return malformed(*this) << "'" << getSymName() << "' has id " << getId()
                            << ", the limit is " << kMaxSemaphores - 1;
  return success();
}

void KernelOp::build(OpBuilder &builder, OperationState &state, StringRef name,
                     KernelRole role) {
  state.addAttribute(getSymNameAttrName(state.name),
                     builder.getStringAttr(name));
  state.addAttribute(getRoleAttrName(state.name),
                     KernelRoleAttr::get(builder.getContext(), role));
  state.addRegion()->emplaceBlock();
}

//===----------------------------------------------------------------------===//
// Symbols and derived values
//===----------------------------------------------------------------------===//

/// The op that `name` refers to, as a declaration of type `OpTy`, or null.
template <typename OpTy>
static OpTy lookup(Operation *user, FlatSymbolRefAttr name) {
  auto program = user->getParentOfType<ProgramOp>();
  if (!program)
    return {};
  return dyn_cast_or_null<OpTy>(
      SymbolTable::lookupSymbolIn(program, name.getAttr()));
}

LogicalResult CBRefOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  if (lookup<CircularBufferOp>(*this, getNameAttr()))
    return success();
  return emitCoded(*this, Code::UnknownSymbol)
         << "the program has no circular buffer '" << getName() << "'";
}

std::optional<int64_t> CBRefOp::getDerivedValue(StringRef name) {
  auto cb = lookup<CircularBufferOp>(*this, getNameAttr());
  if (!cb || name != "index")
    return std::nullopt;
  return cb.getIndex();
}

CircularBufferOp CBRefOp::getCircularBuffer() {
  return lookup<CircularBufferOp>(*this, getNameAttr());
}

LogicalResult
GetSemaphoreOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  if (lookup<SemaphoreOp>(*this, getNameAttr()))
    return success();
  return emitCoded(*this, Code::UnknownSymbol)
         << "the program has no semaphore '" << getName() << "'";
}

std::optional<int64_t> GetSemaphoreOp::getDerivedValue(StringRef name) {
  auto semaphore = lookup<SemaphoreOp>(*this, getNameAttr());
  if (!semaphore || name != "id")
    return std::nullopt;
  return semaphore.getId();
}

std::optional<int64_t> ArgOp::getDerivedValue(StringRef name) {
  auto kernel = (*this)->getParentOfType<KernelOp>();
  if (name != "position" || !kernel || !kernel.getArgs())
    return std::nullopt;
  return kernel.getArgs()->position(getName());
}

std::optional<StringRef> CommonArgOp::getSizeName() {
  auto kernel = (*this)->getParentOfType<KernelOp>();
  if (!kernel || !kernel.getCommonArgs())
    return std::nullopt;
  ArrayRef<ArgAttr> args = kernel.getCommonArgs()->getArgs();
  auto position = static_cast<uint64_t>(getPosition());
  if (position >= args.size() || args[position].getKind() != ArgKind::Size)
    return std::nullopt;
  return args[position].getName();
}

std::optional<int64_t> WorkItemOp::getDerivedValue(StringRef name) {
  auto kernel = (*this)->getParentOfType<KernelOp>();
  if (name != "position" || !kernel || !kernel.getArgs())
    return std::nullopt;
  return kernel.getArgs()->position(kItemsArg);
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// Checks a constant operand against the range of its kind.
static LogicalResult verifyConstant(Operation *op, const CallArg &arg,
                                    int64_t value) {
  auto reject = [&](const Twine &limit) {
    return emitCoded(op, Code::CallOperandRange)
           << "'" << op->getName() << "': " << arg.name << " is " << value
           << ", but " << limit;
  };
  if (value < 0)
    return reject("it is an unsigned 32-bit value");
  if (arg.kind == "dst" && value >= kMaxDstTiles)
    return reject("DST has at most " + Twine(kMaxDstTiles) + " tiles");
  if ((arg.kind == "pages" || arg.kind == "bytes" || arg.kind == "count" ||
       arg.kind == "packet_bytes") &&
      value == 0)
    return reject("it must be at least 1");
  if (arg.kind == "packet_bytes" && value > kMaxPacketBytes)
    return reject("a NoC packet has at most " + Twine(kMaxPacketBytes) +
                  " bytes");
  if (value > UINT32_MAX)
    return reject("it is an unsigned 32-bit value");
  return success();
}

LogicalResult tilewright::metalium::detail::verifyCall(Operation *op) {
  auto call = cast<MetaliumCallOpInterface>(op);
  const CallRecord &record = call.getCallRecord();
  if (auto kernel = op->getParentOfType<KernelOp>()) {
    bool isCompute = kernel.getRole() == KernelRole::Compute;
    if (isCompute ? !record.runsOnCompute() : !record.runsOnDataMovement())
      return emitCoded(op, Code::CallInWrongKernel)
             << "'" << op->getName() << "' runs on " << record.threads
             << ", but '" << kernel.getSymName() << "' is a "
             << stringifyKernelRole(kernel.getRole()) << " kernel";
  }
  for (auto [index, arg] : llvm::enumerate(record.operands)) {
    if (arg.kind.empty())
      continue;
    for (Value operand : call.getCallOperandGroup(index)) {
      APInt value;
      if (matchPattern(operand, m_ConstantInt(&value)) &&
          failed(verifyConstant(op, arg, value.getSExtValue())))
        return failure();
    }
  }
  return success();
}

/// The constraints of a block of a block matmul.
template <typename OpTy> static LogicalResult verifyBlock(OpTy op) {
  int64_t ct = op.getCt(), rt = op.getRt(), kt = op.getKt();
  if (ct < 1 || rt < 1 || kt < 1)
    return emitCoded(op, Code::CallOperandRange)
           << "'" << op->getName() << "': ct, rt and kt must be at least 1";
  int64_t limit = kMaxDstTiles;
  if (auto program = op->template getParentOfType<ProgramOp>())
    limit = program.getConfig().dstTiles();
  if (ct * rt > limit)
    return emitCoded(op, Code::BlockExceedsDst)
           << "'" << op->getName() << "': a block of " << rt << "x" << ct
           << " tiles does not fit the " << limit << " tiles of DST";
  return success();
}

LogicalResult MatmulBlockInitOp::verify() { return verifyBlock(*this); }
LogicalResult MatmulBlockOp::verify() { return verifyBlock(*this); }

LogicalResult ComputeKernelHwStartupOp::verify() {
  if (!getReverse() || getIn1())
    return success();
  return emitCoded(*this, Code::CallOperandRange)
         << "'" << getOperationName()
         << "': 'reverse' exchanges two operands, but there is one";
}

LogicalResult FillTileOp::verify() {
  if (getValue().isFinite())
    return success();
  return emitCoded(*this, Code::CallOperandRange)
         << "'" << getOperationName()
         << "': the value must be finite; fill_tile_bitcast takes any";
}
