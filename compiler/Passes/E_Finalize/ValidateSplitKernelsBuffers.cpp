//===- ValidateSplitKernelsBuffers.cpp - Circular buffers and L1 ----------===//

#include "compiler/Passes/E_Finalize/ValidateSplitKernels.h"

#include "compiler/Analysis/SymbolicCount.h"
#include "compiler/Support/Codes/StageB.h"
#include "compiler/Support/Codes/StageD.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "tilewright/arch/Chip.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tilewright::metalium;

namespace tilewright {

/// The counters of received and acknowledged pages have 16 bits.
static constexpr int64_t kMaxPages = 0xffff;

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

static std::string sourceOf(Operation *op) {
  SourcePosition position = getSourcePosition(op->getLoc());
  if (position.line == 0)
    return "";
  return (position.file + ":" + Twine(position.line)).str();
}

std::string nameWithSource(CircularBufferOp buffer) {
  std::string name = buffer.getSymName().str(), source = sourceOf(buffer);
  return source.empty() ? name : name + " (" + source + ")";
}

std::string formatBufferTable(ProgramOp program) {
  std::string table;
  int64_t total = 0;
  for (auto buffer : program.getBody().getOps<CircularBufferOp>()) {
    int64_t bytes = buffer.getPages() * buffer.getPageBytes();
    total += bytes;
    table += llvm::formatv("  {0,-28} {1,6} tiles x {2,4} bytes = {3,9}\n",
                           nameWithSource(buffer), buffer.getPages(),
                           buffer.getPageBytes(), bytes);
  }
  table += llvm::formatv("  {0,-28} {1,34}", "sum", total);
  return table;
}

//===----------------------------------------------------------------------===//
// The calls on a buffer
//===----------------------------------------------------------------------===//

namespace {
/// The calls of all kernels on one circular buffer.
struct BufferCalls {
  SmallVector<CBReserveBackOp> reserves;
  SmallVector<CBPushBackOp> pushes;
  SmallVector<CBWaitFrontOp> waits;
  SmallVector<CBPopFrontOp> pops;
};
} // namespace

static BufferCalls getCalls(ProgramOp program, CircularBufferOp buffer) {
  BufferCalls calls;
  program.walk([&](CBRefOp ref) {
    if (ref.getCircularBuffer() != buffer)
      return;
    SmallVector<Operation *> users(ref.getCb().getUsers());
    for (Operation *user : llvm::reverse(users)) {
      if (auto op = dyn_cast<CBReserveBackOp>(user))
        calls.reserves.push_back(op);
      else if (auto op = dyn_cast<CBPushBackOp>(user))
        calls.pushes.push_back(op);
      else if (auto op = dyn_cast<CBWaitFrontOp>(user))
        calls.waits.push_back(op);
      else if (auto op = dyn_cast<CBPopFrontOp>(user))
        calls.pops.push_back(op);
    }
  });
  return calls;
}

/// Calls of one end of a buffer stand in the kernel that the buffer names.
template <typename OpTy>
static LogicalResult validateEnd(CircularBufferOp buffer, ArrayRef<OpTy> calls,
                                 KernelRole role, StringRef what) {
  for (OpTy call : calls) {
    auto kernel = call->template getParentOfType<KernelOp>();
    if (kernel.getRole() != role)
      return emitCoded(call, Code::SeveralEnds)
             << "'" << kernel.getSymName() << "' " << what << " "
             << nameWithSource(buffer) << ", but its "
             << (what == "empties" ? "consumer" : "producer") << " is the "
             << stringifyKernelRole(role);
  }
  if (calls.empty())
    return emitCoded(buffer, Code::SeveralEnds)
           << "no kernel " << what << " " << nameWithSource(buffer);
  return success();
}

/// A call for `pages` of a buffer: at most all of it, and never around its end.
template <typename OpTy>
static LogicalResult validatePages(CircularBufferOp buffer, OpTy call,
                                   StringRef what, bool block) {
  auto pages = getConstantIntValue(call.getPages());
  if (!pages)
    return success(); // played through with the others
  int64_t capacity = buffer.getPages();
  if (*pages > capacity)
    return emitCoded(call, Code::WaitExceedsBuffer)
           << what << " of " << *pages << " pages of " << nameWithSource(buffer)
           << ", which has " << capacity << ": it never ends";
  if (block && capacity % *pages != 0)
    return emitCoded(call, Code::BlockWraps)
           << "blocks of " << *pages << " pages do not divide the " << capacity
           << " pages of " << nameWithSource(buffer)
           << ", so a block would wrap around its end";
  return success();
}

static LogicalResult validateBuffer(ProgramOp program,
                                    CircularBufferOp buffer) {
  BufferCalls calls = getCalls(program, buffer);
  if (int64_t(buffer.getPages()) > kMaxPages)
    return emitCoded(buffer, Code::PageCounter)
           << nameWithSource(buffer) << " has " << buffer.getPages()
           << " pages, its counters hold " << kMaxPages;
  // Scratch of a scalar kernel is taken once and kept.
  bool isKept = program.getScalar() && calls.pushes.empty() &&
                calls.waits.empty() && calls.pops.empty();
  if (isKept && failed(validateEnd<CBReserveBackOp>(
                    buffer, calls.reserves, buffer.getProducer(), "reserves")))
    return failure();
  if (!isKept && (failed(validateEnd<CBPushBackOp>(
                      buffer, calls.pushes, buffer.getProducer(), "fills")) ||
                  failed(validateEnd<CBPopFrontOp>(
                      buffer, calls.pops, buffer.getConsumer(), "empties"))))
    return failure();
  for (CBReserveBackOp op : calls.reserves)
    if (failed(validatePages(buffer, op, "a reservation", true)))
      return failure();
  for (CBWaitFrontOp op : calls.waits)
    if (failed(validatePages(buffer, op, "a wait", false)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// All buffers
//===----------------------------------------------------------------------===//

/// Places of buffers: inside L1, and no two on the same bytes.
static LogicalResult validatePlaces(ProgramOp program, const arch::Chip &chip) {
  SmallVector<CircularBufferOp> placed;
  for (auto buffer : program.getBody().getOps<CircularBufferOp>())
    if (buffer.getL1Address())
      placed.push_back(buffer);
  llvm::sort(placed, [](CircularBufferOp a, CircularBufferOp b) {
    return std::pair(*a.getL1Address(), a.getIndex()) <
           std::pair(*b.getL1Address(), b.getIndex());
  });
  int64_t end = chip.l1Base;
  for (CircularBufferOp buffer : placed) {
    int64_t address = *buffer.getL1Address();
    int64_t bytes = buffer.getPages() * buffer.getPageBytes();
    if (address < end || address + bytes > int64_t(chip.l1Bytes))
      return emitCoded(buffer, Code::L1Place)
             << nameWithSource(buffer) << " at " << address << " with " << bytes
             << " bytes "
             << (address < end ? "overlaps what lies before " + Twine(end)
                               : "ends after the last byte of L1, " +
                                     Twine(chip.l1Bytes));
    end = address + bytes;
  }
  return success();
}

bool areNearlyUsed(size_t buffers, const arch::Chip &chip) {
  return buffers * 10 > size_t(chip.circularBuffers) * 9;
}

LogicalResult validateBuffers(ProgramOp program) {
  const arch::Chip *chip = arch::findChip(program.getChip());
  if (!chip)
    return emitCoded(program, Code::UnknownChip)
           << "'" << program.getChip() << "' is not a chip";
  int64_t bytes = 0;
  int64_t cores = int64_t(chip->grid[0]) * chip->grid[1];
  if (auto work = program.getWork())
    cores = work->getCoreGrid()[0] * work->getCoreGrid()[1];
  for (auto tensor : program.getBody().getOps<TensorOp>()) {
    bytes += tt::getL1BytesPerCore(tensor.getTensorType(), cores);
    tt::LayoutAttr layout = tensor.getLayout();
    if (tt::ShardAttr shard = layout.getShard())
      if (ArrayRef<int64_t> places = shard.getCores();
          layout.getMemory() == tt::Memory::L1
              ? places[0] > int64_t(chip->maxGrid[1]) ||
                    places[1] > int64_t(chip->maxGrid[0])
              : places[0] > 1 || places[1] > int64_t(chip->dram.banks))
        return emitCoded(tensor, Code::GridBeyondChip)
               << "shards of '" << tensor.getSymName() << "' go to "
               << places[0] << " rows and " << places[1]
               << " columns of cores or banks, which " << program.getChip()
               << " does not have";
  }
  if (auto work = program.getWork())
    bytes += tt::getBlockTableBytes(*work, chip->runtimeArgWords);
  int64_t tensors = bytes;
  llvm::SmallDenseMap<int64_t, CircularBufferOp> byIndex;
  for (auto buffer : program.getBody().getOps<CircularBufferOp>()) {
    bytes += buffer.getPages() * buffer.getPageBytes();
    auto [found, isNew] = byIndex.try_emplace(buffer.getIndex(), buffer);
    if (!isNew)
      return emitCoded(buffer, Code::BufferIndex)
             << nameWithSource(buffer) << " has index " << buffer.getIndex()
             << ", as has " << nameWithSource(found->second);
    if (int64_t(buffer.getIndex()) >= int64_t(chip->circularBuffers))
      return emitCoded(buffer, Code::BufferIndex)
             << nameWithSource(buffer) << " has index " << buffer.getIndex()
             << ", but " << program.getChip() << " has "
             << chip->circularBuffers << " circular buffers";
  }
  if (bytes > int64_t(chip->l1Free())) {
    InFlightDiagnostic diagnostic = emitCoded(program, Code::BuffersExceedL1);
    diagnostic << "the circular buffers take " << bytes - tensors
               << " bytes of L1";
    if (tensors)
      diagnostic << ", tensors and lists " << tensors;
    diagnostic << ", but " << program.getChip() << " has " << chip->l1Free()
               << " free";
    diagnostic.attachNote() << "circular buffers:\n"
                            << formatBufferTable(program);
    diagnostic.attachNote() << "fix: fewer pipeline stages, or smaller blocks";
    return diagnostic;
  }
  if (bytes * 10 > int64_t(chip->l1Free()) * 8) {
    InFlightDiagnostic warning =
        warnCoded(program.getLoc(), Code::L1NearlyFull);
    warning << "L1 usage " << bytes << " bytes is above 80 % of capacity "
            << chip->l1Free();
    warning.attachNote() << "circular buffers:\n" << formatBufferTable(program);
  }
  if (areNearlyUsed(byIndex.size(), *chip)) {
    InFlightDiagnostic warning =
        warnCoded(program.getLoc(), Code::BuffersNearlyUsed);
    warning << byIndex.size() << " of " << chip->circularBuffers
            << " circular buffers are used";
    warning.attachNote() << "circular buffers:\n" << formatBufferTable(program);
  }
  for (auto buffer : program.getBody().getOps<CircularBufferOp>())
    if (failed(validateBuffer(program, buffer)))
      return failure();
  return validatePlaces(program, *chip);
}

//===----------------------------------------------------------------------===//
// Balance
//===----------------------------------------------------------------------===//

/// Pages that kernels move by calls of type `OpTy` on `buffer`.
template <typename OpTy>
static Polynomial countPages(ProgramOp program, CircularBufferOp buffer) {
  Polynomial sum;
  for (auto kernel : program.getBody().getOps<KernelOp>())
    sum = sum + countIn(*kernel.getBodyBlock(), [&](Operation *op) {
            auto call = dyn_cast<OpTy>(op);
            if (!call)
              return Value();
            auto ref = call.getCb().template getDefiningOp<CBRefOp>();
            return ref && ref.getCircularBuffer() == buffer
                       ? Value(call.getPages())
                       : Value();
          });
  return sum;
}

LogicalResult validateBalance(ProgramOp program) {
  LogicalResult result = success();
  for (auto buffer : program.getBody().getOps<CircularBufferOp>()) {
    Polynomial pushed = countPages<CBPushBackOp>(program, buffer);
    Polynomial popped = countPages<CBPopFrontOp>(program, buffer);
    Polynomial reserved = countPages<CBReserveBackOp>(program, buffer);
    if (program.getScalar() && pushed == popped && pushed == Polynomial())
      continue; // scratch that is kept
    if (pushed == popped && pushed == reserved)
      continue;
    InFlightDiagnostic diagnostic = emitCoded(buffer, Code::BufferImbalance);
    diagnostic << nameWithSource(buffer) << ": the "
               << stringifyKernelRole(buffer.getProducer()) << " reserves "
               << reserved.str() << " and pushes " << pushed.str()
               << " pages, the " << stringifyKernelRole(buffer.getConsumer())
               << " pops " << popped.str();
    diagnostic.attachNote()
        << "fix: what is pushed in a launch must be popped in it; what is left "
           "blocks a kernel or is read by the next launch";
    result = diagnostic;
  }
  return result;
}

} // namespace tilewright
