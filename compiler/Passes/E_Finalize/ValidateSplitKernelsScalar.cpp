//===- ValidateSplitKernelsScalar.cpp - Kernels without tiles -------------===//
//
// A scalar program has one kernel per core, a writer that computes element by
// element. There is nothing to agree on with other kernels; what is left is
// that it does its work, that its arguments and its memory are there, and that
// what it stored has reached DRAM.
//
//   1. One kernel, a writer with a body that stores to a tensor.
//   2. Arguments, circular buffers, pages and barriers as in other programs.
//   3. Arrays and kept pages of tensors start behind the address of pages that
//      the kernel holds, end before those end, and overlap nowhere.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Metalium/Elements.h"
#include "compiler/Passes/E_Finalize/ValidateSplitKernels.h"
#include "compiler/Support/Codes/StageD.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/MathExtras.h"

#include <map>

using namespace mlir;
using namespace tilewright::metalium;

namespace tilewright {

static LogicalResult validateRole(ProgramOp program) {
  KernelOp writer = program.getKernel(KernelRole::Writer);
  if (!writer)
    return emitCoded(program, Code::MissingKernel)
           << "No writer kernel found in scalar program '"
           << program.getSymName() << "'; tt-lower-to-scalar makes it";
  for (auto kernel : program.getBody().getOps<KernelOp>())
    if (kernel != writer)
      return emitCoded(kernel, Code::UnbalancedSplit)
             << "'" << kernel.getSymName() << "' is a second kernel of '"
             << program.getSymName() << "'; a scalar program has one, a writer";
  if (writer.getBodyBlock()->empty())
    return emitCoded(writer, Code::KernelWithoutBody)
           << "Writer kernel '" << writer.getSymName() << "' has no body";
  bool stores = writer
                    .walk([](memref::StoreOp store) {
                      return store.getMemRef().getDefiningOp<ElementsOp>()
                                 ? WalkResult::interrupt()
                                 : WalkResult::advance();
                    })
                    .wasInterrupted();
  if (stores)
    return success();
  return emitCoded(writer, Code::WriterWritesNothing)
         << "Writer kernel '" << writer.getSymName()
         << "' stores no element of a tensor";
}

/// Tensors exist, and are reached by their own accessors.
static LogicalResult validateTensors(ProgramOp program, KernelOp kernel) {
  LogicalResult result = success();
  kernel.walk([&](ElementsOp elements) {
    auto tensor = dyn_cast_or_null<TensorOp>(
        SymbolTable::lookupSymbolIn(program, elements.getNameAttr()));
    auto accessor = elements.getAccessor().getDefiningOp<TensorAccessorOp>();
    auto args = accessor
                    ? accessor.getArgs().getDefiningOp<TensorAccessorArgsOp>()
                    : TensorAccessorArgsOp();
    if (!tensor)
      result = emitCoded(elements, Code::ArgumentUnknown)
               << "'" << elements.getName() << "' is no tensor of the program";
    else if (!args || args.getTensor() != elements.getName())
      result = emitCoded(elements, Code::ArgumentUnknown)
               << "the elements of '" << elements.getName()
               << "' are reached by the accessor of another tensor";
  });
  return result;
}

namespace {
/// Bytes of a circular buffer that something lies in.
struct Part {
  Operation *op;
  StringRef name;
  int64_t offset, bytes;
};
} // namespace

static std::optional<std::pair<Value, Part>> getPart(Operation *op) {
  if (auto array = dyn_cast<L1ArrayOp>(op)) {
    auto type = cast<MemRefType>(array.getArray().getType());
    int64_t width = llvm::divideCeil(
        type.getElementType().getIntOrFloatBitWidth(), unsigned(8));
    return std::pair(array.getBase(),
                     Part{op, array.getName(), int64_t(array.getOffset()),
                          type.getNumElements() * width});
  }
  auto elements = dyn_cast<ElementsOp>(op);
  if (!elements)
    return std::nullopt;
  auto layout = cast<tt::LayoutAttr>(
      cast<MemRefType>(elements.getTensor().getType()).getMemorySpace());
  return std::pair(elements.getBase(),
                   Part{op, elements.getName(), int64_t(elements.getOffset()),
                        getElementCacheBytes(layout)});
}

static LogicalResult validateMemory(KernelOp kernel) {
  std::map<Operation *, SmallVector<Part>> parts;
  SmallVector<CircularBufferOp> buffers;
  WalkResult walked = kernel.walk([&](Operation *op) -> WalkResult {
    auto part = getPart(op);
    if (!part)
      return WalkResult::advance();
    auto pointer = part->first.getDefiningOp<GetWritePtrOp>();
    auto ref = pointer ? pointer.getCb().getDefiningOp<CBRefOp>() : CBRefOp();
    CircularBufferOp buffer = ref ? ref.getCircularBuffer() : nullptr;
    if (!buffer)
      return emitCoded(op, Code::L1Place)
             << part->second.name
             << " does not lie in a circular buffer that the kernel fills";
    if (!parts.count(buffer))
      buffers.push_back(buffer);
    parts[buffer].push_back(part->second);
    return WalkResult::advance();
  });
  if (walked.wasInterrupted())
    return failure();
  for (CircularBufferOp buffer : buffers) {
    SmallVector<Part> &inside = parts[buffer];
    llvm::sort(inside, [](const Part &a, const Part &b) {
      return std::pair(a.offset, a.name) < std::pair(b.offset, b.name);
    });
    int64_t bytes = buffer.getPages() * buffer.getPageBytes();
    const Part *last = nullptr;
    for (const Part &part : inside) {
      if (last && part.offset < last->offset + last->bytes) {
        InFlightDiagnostic diag = emitCoded(part.op, Code::L1Place);
        diag << part.name << " at byte " << part.offset << " of "
             << nameWithSource(buffer) << " overlaps " << last->name
             << ", which ends at " << last->offset + last->bytes;
        return diag;
      }
      if (part.offset < 0 || part.offset + part.bytes > bytes)
        return emitCoded(part.op, Code::L1Place)
               << part.name << " ends at byte " << part.offset + part.bytes
               << " of " << nameWithSource(buffer) << ", which has " << bytes;
      last = &part;
    }
  }
  return success();
}

LogicalResult validateScalar(ProgramOp program) {
  if (failed(validateRole(program)) || failed(validateArguments(program)) ||
      failed(validateBuffers(program)) || failed(validateBalance(program)))
    return failure();
  KernelOp kernel = program.getKernel(KernelRole::Writer);
  LogicalResult tensors = validateTensors(program, kernel);
  LogicalResult memory = validateMemory(kernel);
  LogicalResult held = validateHeld(kernel);
  LogicalResult barriers = validateBarriers(kernel);
  return success(succeeded(tensors) && succeeded(memory) && succeeded(held) &&
                 succeeded(barriers));
}

} // namespace tilewright
