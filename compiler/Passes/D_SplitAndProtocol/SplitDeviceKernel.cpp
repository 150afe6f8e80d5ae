//===- SplitDeviceKernel.cpp - Pass D1: three kernels out of one program --===//
//
// Terms: a block is *produced* where it enters a circular buffer (CB): by a
// read, by a section, or by a loop through which the packer accumulates onto
// it. A block is *carried* by a loop that passes it from one iteration to the
// next.
//
//   1. Drop reads and sections that nobody uses and loops that run once; give
//      reads whose blocks are in use at the same time CBs of their own.
//   2. Find the two ends of each CB: filled by the reader where a read goes
//      into it (by the writer, where the read is ordered behind writes), else
//      by the compute kernel; emptied by the writer where a
//      write leaves from it, else by the compute kernel. Number the CBs.
//   3. Reader: the loops, the index arithmetic, and the reads; loops inside
//      sections too, because what they read is read here.
//   4. Compute: everything but reads and writes. A read becomes a receive in
//      its place. A block that a section produced is received once, in the
//      region where it was produced, before its first user. A block carried
//      through a CB is received in the loop and no longer carried; a block
//      that the packer accumulates onto stays carried.
//   5. Writer: the loops, the index arithmetic, and for each block that is
//      written a receive in the region where it was produced, the writes, and
//      the ordered reads.
//   6. In each kernel, drop what nothing needs.
//
// Each produced block is so received exactly as often as it is produced, which
// is what keeps CBs balanced.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/C_Lowering/CBPlaces.h"
#include "compiler/Passes/D_SplitAndProtocol/Cleanup.h"
#include "compiler/Passes/D_SplitAndProtocol/ComputeKernel.h"
#include "compiler/Passes/D_SplitAndProtocol/Passes.h"
#include "compiler/Passes/D_SplitAndProtocol/ScalarReads.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageA.h"
#include "compiler/Support/Codes/StageB.h"
#include "compiler/Support/Codes/StageC.h"
#include "compiler/Support/Codes/StageD.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "tilewright/arch/Chip.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

#include <map>

namespace tilewright {
#define GEN_PASS_DEF_SPLITDEVICEKERNEL
#include "compiler/Passes/D_SplitAndProtocol/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;
using metalium::KernelRole;

static Location named(Location loc, const Twine &name) {
  MLIRContext *context = loc.getContext();
  return NameLoc::get(StringAttr::get(context, name), loc);
}

namespace {

//===----------------------------------------------------------------------===//
// What the program says about its tensors and circular buffers
//===----------------------------------------------------------------------===//

struct BufferEnds {
  tt::AllocCBOp alloc;
  std::string symbol;
  std::optional<KernelRole> producer;
  KernelRole consumer = KernelRole::Compute;
  bool isScratch = false;
};

/// The CBs that the program uses.
class BufferTable {
public:
  LogicalResult fill(tt::CoreProgramOp program, llvm::StringSet<> &symbols);
  ArrayRef<BufferEnds> getBuffers() const { return buffers; }

private:
  LogicalResult produce(Value cb, KernelRole role, Operation *op);
  void scratch(Value cb, KernelRole role);

  llvm::SmallMapVector<Value, BufferEnds, 8> byValue;
  SmallVector<BufferEnds> buffers;
};

LogicalResult BufferTable::produce(Value cb, KernelRole role, Operation *op) {
  BufferEnds &ends = byValue[cb];
  ends.alloc = cb.getDefiningOp<tt::AllocCBOp>();
  if (ends.producer.value_or(role) != role)
    return emitCoded(op, Code::CircularBufferEnds)
           << "the circular buffer of " << ends.alloc.getName()
           << " is filled by two kernels";
  ends.producer = role;
  return success();
}

/// Memory that one kernel uses for itself.
void BufferTable::scratch(Value cb, KernelRole role) {
  if (!cb)
    return;
  BufferEnds &ends = byValue[cb];
  ends.alloc = cb.getDefiningOp<tt::AllocCBOp>();
  ends.producer = ends.consumer = role;
  ends.isScratch = true;
}

LogicalResult BufferTable::fill(tt::CoreProgramOp program,
                                llvm::StringSet<> &symbols) {
  WalkResult result =
      program.walk<WalkOrder::PreOrder>([&](Operation *op) -> WalkResult {
        if (auto read = dyn_cast<tt::ReadToCBOp>(op)) {
          KernelRole role =
              read.getOrdered() ? KernelRole::Writer : KernelRole::Reader;
          scratch(read.getScratch(), role);
          return produce(read.getCb(), role, op);
        }
        if (auto read = dyn_cast<tt::ReadScalarOp>(op)) {
          scratch(read.getReader(), KernelRole::Reader);
          scratch(read.getWriter(), KernelRole::Writer);
          return read.getCompute()
                     ? produce(read.getCompute(), KernelRole::Reader, op)
                     : success();
        }
        if (auto ramp = dyn_cast<tt::RampToCBOp>(op))
          return produce(ramp.getCb(), KernelRole::Reader, op);
        if (auto gather = dyn_cast<tt::GatherToCBOp>(op)) {
          for (Value pages : gather.getPages())
            scratch(pages, KernelRole::Reader);
          return produce(gather.getCb(), KernelRole::Reader, op);
        }
        if (auto section = dyn_cast<tt::SectionOp>(op)) {
          llvm::SmallDenseSet<Value> outs;
          for (Value cb : section.getOuts()) {
            if (!outs.insert(cb).second)
              return emitCoded(op, Code::BlocksOverlap)
                     << "a section puts two blocks into one circular buffer";
            if (failed(produce(cb, KernelRole::Compute, op)))
              return failure();
          }
        }
        if (auto scatter = dyn_cast<tt::ScatterFromCBOp>(op))
          for (Value pages : scatter.getPages())
            scratch(pages, KernelRole::Writer);
        if (auto write = dyn_cast<tt::WriteFromCBOp>(op))
          scratch(write.getScratch(), KernelRole::Writer);
        if (auto move = dyn_cast<tt::MoveElementsOp>(op)) {
          for (Value pages : move.getPages())
            scratch(pages, KernelRole::Writer);
          if (failed(produce(move.getCb(), KernelRole::Writer, op)))
            return failure();
        }
        for (OpOperand &operand : op->getOpOperands())
          if (Value cb = tt::getOutgoingBuffer(operand))
            byValue[cb].consumer = KernelRole::Writer;
        return success();
      });
  if (result.wasInterrupted())
    return failure();

  auto append = [&](KernelRole producer, KernelRole consumer) {
    for (auto &[cb, ends] : byValue)
      if (ends.producer == producer && ends.consumer == consumer)
        buffers.push_back(ends);
  };
  append(KernelRole::Reader, KernelRole::Compute);
  append(KernelRole::Writer, KernelRole::Compute);
  append(KernelRole::Compute, KernelRole::Compute);
  append(KernelRole::Compute, KernelRole::Writer);
  append(KernelRole::Reader, KernelRole::Reader);
  append(KernelRole::Writer, KernelRole::Writer);
  for (auto &[cb, ends] : byValue)
    if (!ends.isScratch &&
        (!ends.producer || (ends.producer != KernelRole::Compute &&
                            ends.consumer == KernelRole::Writer)))
      return emitCoded(cb.getLoc(), Code::CircularBufferEnds)
             << "what is written from the circular buffer of "
             << cb.getDefiningOp<tt::AllocCBOp>().getName()
             << " does not come from the compute kernel";
  for (BufferEnds &ends : buffers) {
    std::string base = ("cb_" + ends.alloc.getName()).str();
    ends.symbol = base;
    for (unsigned i = 2; !symbols.insert(ends.symbol).second; ++i)
      ends.symbol = base + "_" + std::to_string(i);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// The split
//===----------------------------------------------------------------------===//

class Splitter {
public:
  Splitter(tile::FuncOp func, tt::CoreProgramOp program, OpBuilder &builder)
      : func(func), source(program), builder(builder) {}

  LogicalResult run(const arch::Chip &chip, metalium::ComputeConfigAttr config);

private:
  LogicalResult declareTensors();
  LogicalResult declareBuffers(const arch::Chip &chip);
  void startKernel(StringRef name, KernelRole role);
  LogicalResult buildReader();
  LogicalResult buildCompute();
  LogicalResult buildWriter();

  // Readers and writers: loops and index arithmetic are copied, then `visit`
  // decides about the operations of tt.
  LogicalResult copyBlock(Block &block);
  LogicalResult copyLoop(scf::ForOp loop);
  LogicalResult copyIf(scf::IfOp branch);
  LogicalResult planWrites();

  tile::FuncOp func;
  tt::CoreProgramOp source;
  OpBuilder &builder;

  metalium::ProgramOp program;
  llvm::StringSet<> symbols;
  BufferTable table;
  metalium::KernelOp kernel;
  IRMapping map;
  /// Writer: blocks to receive before an operation of the source.
  struct Receive {
    Value block, cb;
    Location loc;
  };
  DenseMap<Operation *, SmallVector<Receive, 1>> receivesBefore;
};

/// Sizes, and blocks of a list, become arguments.
static void readArguments(metalium::ProgramOp program) {
  SmallVector<tt::SizeOp> sizes;
  program.walk([&](tt::SizeOp size) { sizes.push_back(size); });
  for (tt::SizeOp size : sizes) {
    OpBuilder builder(size);
    size.replaceAllUsesWith(
        metalium::ArgOp::create(builder, size.getLoc(), builder.getIndexType(),
                                size.getName(), metalium::ArgKind::Size,
                                /*tensor=*/StringAttr())
            .getValue());
    size.erase();
  }
  SmallVector<tt::WorkItemOp> items;
  program.walk([&](tt::WorkItemOp item) { items.push_back(item); });
  for (tt::WorkItemOp item : items) {
    OpBuilder builder(item);
    item.replaceAllUsesWith(metalium::WorkItemOp::create(builder, item.getLoc(),
                                                         builder.getIndexType(),
                                                         item.getIndex())
                                .getBlock());
    item.erase();
  }
}

/// Everything that the kernels use is in them.
static LogicalResult checkWhole(metalium::ProgramOp program) {
  WalkResult result = program.walk([&](Operation *op) -> WalkResult {
    for (Value operand : op->getOperands())
      if (!program->isAncestor(operand.getParentBlock()->getParentOp()))
        return emitCoded(op, Code::MalformedIR)
               << "'" << op->getName()
               << "' uses a value that comes from outside its kernel";
    return success();
  });
  return failure(result.wasInterrupted());
}

LogicalResult Splitter::run(const arch::Chip &chip,
                            metalium::ComputeConfigAttr config) {
  builder.setInsertionPoint(func);
  program =
      metalium::ProgramOp::create(builder, func.getLoc(), func.getSymName(),
                                  chip.name, config, source.getWork());
  builder.createBlock(&program.getBody());
  if (failed(declareTensors()) || failed(table.fill(source, symbols)))
    return failure();
  if (failed(declareBuffers(chip)))
    return failure();
  if (failed(buildReader()) || failed(buildCompute()) || failed(buildWriter()))
    return failure();
  readArguments(program);
  if (failed(checkWhole(program)))
    return failure();
  func.erase();
  return success();
}

LogicalResult Splitter::declareTensors() {
  for (BlockArgument argument : func.getBody().getArguments()) {
    StringRef name = func.getTensorName(argument.getArgNumber());
    auto type = dyn_cast<MemRefType>(argument.getType());
    if (!type)
      return emitCoded(argument.getLoc(), Code::ScalarArgument)
             << name << " is a scalar that is known only at run time";
    if (!symbols.insert(name).second)
      return emitCoded(argument.getLoc(), Code::DuplicateTensor)
             << "two tensors are named " << name;
    bool isWritten = false, isRead = false;
    for (Operation *user : argument.getUsers())
      if (auto accessor = dyn_cast<tt::AccessorOp>(user)) {
        auto scatters = [&](Operation *other) {
          auto scatter = dyn_cast<tt::ScatterFromCBOp>(other);
          return scatter && scatter.getTensor() == accessor.getTensor();
        };
        isWritten |= llvm::any_of(accessor->getUsers(), [&](Operation *other) {
          return isa<tt::WriteFromCBOp>(other) || scatters(other);
        });
        isRead |= llvm::any_of(accessor->getUsers(),
                               llvm::IsaPred<tt::ReadToCBOp, tt::GatherToCBOp,
                                             tt::MoveElementsOp>);
      }
    auto origin =
        cast<tile::TensorAttr>(func.getTensors()[argument.getArgNumber()]);
    metalium::TensorRole role =
        origin.getRole() == tile::TensorRole::Result && !isRead
            ? metalium::TensorRole::Output
        : isWritten ? metalium::TensorRole::InOut
                    : metalium::TensorRole::Input;
    metalium::TensorOp::create(builder, named(argument.getLoc(), name), name,
                               role, type, origin.getSizes(),
                               origin.getDtype());
  }
  return success();
}

/// The first index of the kind of a CB, as programs of TT-Metalium number them:
/// what data movement kernels fill from 0, what the writer empties from 16,
/// what stays in one kernel from 24.
static size_t getFirstIndex(const BufferEnds &ends) {
  if (ends.producer == ends.consumer)
    return 24;
  return ends.producer == KernelRole::Compute ? 16 : 0;
}

LogicalResult Splitter::declareBuffers(const arch::Chip &chip) {
  llvm::BitVector taken(
      std::max<size_t>(chip.circularBuffers, table.getBuffers().size()));
  std::map<int, const BufferEnds *> byIndex;
  for (const BufferEnds &ends : table.getBuffers()) {
    int index = taken.find_first_unset_in(getFirstIndex(ends), taken.size());
    if (index < 0)
      index = taken.find_first_unset();
    taken.set(index);
    byIndex[index] = &ends;
  }
  // The host creates them in this order, one behind the other.
  int64_t address = chip.l1Base;
  for (auto [index, ends] : byIndex) {
    tt::AllocCBOp alloc = ends->alloc;
    tt::CBAttr geometry = alloc.getCb().getType().getGeometry();
    metalium::CircularBufferOp::create(
        builder, alloc.getLoc(), ends->symbol, index, geometry.getFormat(),
        geometry.getPageBytes(), geometry.getBlockPages() * geometry.getDepth(),
        *ends->producer, ends->consumer, /*unpack_to_dest_fp32=*/false,
        builder.getStringAttr(alloc.getName()),
        builder.getI64IntegerAttr(address), alloc.getSpillsAttr());
    address += llvm::alignTo(geometry.getTotalBytes(),
                             uint64_t{chip.noc.dramReadAlignment});
  }
  // Stage C mapped L1; what was added since may not fit any more.
  if (table.getBuffers().size() > chip.circularBuffers)
    return emitCoded(source, Code::TooManyCBs)
           << "the program needs " << table.getBuffers().size()
           << " circular buffers, a core of " << StringRef(chip.name) << " has "
           << chip.circularBuffers;
  if (address + tt::getBlockTableBytes(source.getWork(), chip.runtimeArgWords) >
      chip.l1Bytes)
    return emitCoded(source, Code::L1Overflow)
           << "the circular buffers need " << address - chip.l1Base
           << " bytes of L1, a core of " << StringRef(chip.name) << " has "
           << int64_t{chip.l1Free()} << " free";
  return success();
}

/// An empty kernel with everything that its body may refer to, in the order in
/// which the text will declare it.
void Splitter::startKernel(StringRef name, KernelRole role) {
  std::string symbol = name.str();
  while (!symbols.insert(symbol).second)
    symbol += "_kernel";
  builder.setInsertionPointToEnd(&program.getBody().front());
  kernel = metalium::KernelOp::create(builder, func.getLoc(), symbol, role);
  builder.setInsertionPointToEnd(kernel.getBodyBlock());

  map.clear();
  auto argument = [&](Value value, StringRef text, metalium::ArgKind kind) {
    map.map(value, metalium::ArgOp::create(builder, value.getLoc(),
                                           builder.getIndexType(), text, kind,
                                           /*tensor=*/StringAttr()));
  };
  argument(source.getStart(), "start", metalium::ArgKind::WorkStart);
  argument(source.getCount(), "count", metalium::ArgKind::WorkCount);
  for (const BufferEnds &ends : table.getBuffers()) {
    tt::AllocCBOp alloc = ends.alloc;
    map.map(alloc.getCb(),
            tt::CBRefOp::create(builder, named(alloc.getLoc(), ends.symbol),
                                alloc.getCb().getType(), ends.symbol)
                .getCb());
  }
  for (Operation &op : func.getBody().front()) {
    if (auto accessor = dyn_cast<tt::AccessorOp>(op)) {
      tt::TensorType type = accessor.getTensor().getType();
      map.map(accessor.getTensor(),
              tt::TensorRefOp::create(
                  builder, named(accessor.getLoc(), type.getName()), type)
                  .getTensor());
    } else if (op.getNumRegions() == 0 && isPure(&op)) {
      builder.clone(op, map);
    }
  }
}

//===----------------------------------------------------------------------===//
// Readers and writers
//===----------------------------------------------------------------------===//

static bool isBlock(Value value) { return isa<tt::BlockType>(value.getType()); }

LogicalResult Splitter::copyLoop(scf::ForOp loop) {
  SmallVector<Value> inits;
  for (Value init : loop.getInitArgs())
    if (!isBlock(init))
      inits.push_back(map.lookup(init));
  auto copy = scf::ForOp::create(
      builder, loop.getLoc(), map.lookup(loop.getLowerBound()),
      map.lookup(loop.getUpperBound()), map.lookup(loop.getStep()), inits);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(copy.getBody());
  map.map(loop.getInductionVar(), copy.getInductionVar());
  unsigned next = 0;
  for (auto [argument, result] :
       llvm::zip(loop.getRegionIterArgs(), loop.getResults()))
    if (!isBlock(argument)) {
      map.map(argument, copy.getRegionIterArgs()[next]);
      map.map(result, copy.getResults()[next++]);
    }
  if (failed(copyBlock(*loop.getBody())))
    return failure();
  if (inits.empty())
    return success();
  SmallVector<Value> yielded;
  for (Value value : loop.getBody()->getTerminator()->getOperands())
    if (!isBlock(value))
      yielded.push_back(map.lookup(value));
  scf::YieldOp::create(builder, loop.getLoc(), yielded);
  return success();
}

LogicalResult Splitter::copyIf(scf::IfOp branch) {
  if (llvm::any_of(branch.getResults(), isBlock))
    return emitCoded(branch, Code::ConditionalBlock)
           << "a buffer gets its value in one branch of a condition only";
  if (branch.getNumResults() != 0) { // a scalar
    builder.clone(*branch, map);
    return success();
  }
  bool hasElse = !branch.getElseRegion().empty();
  auto copy = scf::IfOp::create(builder, branch.getLoc(),
                                map.lookup(branch.getCondition()), hasElse);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(copy.thenBlock());
  if (failed(copyBlock(*branch.thenBlock())))
    return failure();
  if (!hasElse)
    return success();
  builder.setInsertionPointToStart(copy.elseBlock());
  return copyBlock(*branch.elseBlock());
}

static bool holdsOrderedRead(tt::SectionOp section) {
  return section
      .walk([](tt::ReadToCBOp read) {
        return read.getOrdered() ? WalkResult::interrupt()
                                 : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Whether the transfer `op` is done by the reader, or by the writer.
static bool isOf(Operation *op, bool isReader) {
  if (auto read = dyn_cast<tt::ReadToCBOp>(op))
    return isReader != read.getOrdered();
  return isReader ? isa<tt::RampToCBOp, tt::GatherToCBOp>(op)
                  : isa<tt::WriteFromCBOp, tt::ScatterFromCBOp,
                        tt::MoveElementsOp, tt::InspectOp>(op);
}

LogicalResult Splitter::copyBlock(Block &block) {
  bool isReader = kernel.getRole() == KernelRole::Reader;
  for (Operation &op : block) {
    for (const Receive &receive : receivesBefore.lookup(&op))
      if (!map.contains(receive.block))
        map.map(receive.block, tt::ReceiveOp::create(builder, receive.loc,
                                                     receive.block.getType(),
                                                     map.lookup(receive.cb))
                                   .getBlock());
    LogicalResult result = success();
    if (auto loop = dyn_cast<scf::ForOp>(op))
      result = copyLoop(loop);
    else if (auto branch = dyn_cast<scf::IfOp>(op))
      result = copyIf(branch);
    else if (auto section = dyn_cast<tt::SectionOp>(op))
      result = isReader || holdsOrderedRead(section)
                   ? copyBlock(section.getBody().front())
                   : success();
    else if (isa<tt::ReadScalarOp>(op))
      keepBufferOf(cast<tt::ReadScalarOp>(builder.clone(op, map)),
                   kernel.getRole());
    else if (isOf(&op, isReader))
      builder.clone(op, map);
    else if (isa<tt::WorkItemOp>(op) || (!isa<tt::TTDialect>(op.getDialect()) &&
                                         !op.hasTrait<OpTrait::IsTerminator>()))
      builder.clone(op, map);
    if (failed(result))
      return failure();
  }
  return success();
}

LogicalResult Splitter::buildReader() {
  startKernel("reader", KernelRole::Reader);
  if (failed(copyBlock(source.getBody().front())))
    return failure();
  eraseUnused(kernel.getBody());
  return success();
}

/// Where the writer receives a block: in the region that produces it, before
/// the first operation that holds a write of it.
LogicalResult Splitter::planWrites() {
  WalkResult result = source.walk([&](Operation *op) -> WalkResult {
    for (OpOperand &operand : op->getOpOperands()) {
      Value block = operand.get(), cb = tt::getOutgoingBuffer(operand);
      if (!cb)
        continue;
      Operation *producer = block.getDefiningOp();
      if (!producer || getBufferOf(block) != cb)
        return emitCoded(op, Code::CircularBufferEnds)
               << "the block that is written was not put into the circular "
                  "buffer it is written from";
      Operation *anchor = producer->getBlock()->findAncestorOpInBlock(*op);
      receivesBefore[anchor].push_back({block, cb, op->getLoc()});
    }
    return success();
  });
  return failure(result.wasInterrupted());
}

LogicalResult Splitter::buildWriter() {
  startKernel("writer", KernelRole::Writer);
  if (failed(planWrites()) || failed(copyBlock(source.getBody().front())))
    return failure();
  receivesBefore.clear();
  eraseUnused(kernel.getBody());
  return success();
}

//===----------------------------------------------------------------------===//
// Compute
//===----------------------------------------------------------------------===//

/// Loops over `count` items from 0 where nothing depends on which items.
static void countItems(metalium::KernelOp kernel) {
  auto isArg = [](Value value, metalium::ArgKind kind) {
    auto arg = value.getDefiningOp<metalium::ArgOp>();
    return arg && arg.getKind() == kind;
  };
  for (auto loop : kernel.getBody().getOps<scf::ForOp>()) {
    auto end = loop.getUpperBound().getDefiningOp<arith::AddIOp>();
    if (!isArg(loop.getLowerBound(), metalium::ArgKind::WorkStart) || !end ||
        end.getLhs() != loop.getLowerBound() ||
        !isArg(end.getRhs(), metalium::ArgKind::WorkCount) ||
        !loop.getInductionVar().use_empty())
      continue;
    OpBuilder builder(loop);
    loop.setLowerBound(
        arith::ConstantIndexOp::create(builder, loop.getLoc(), 0));
    loop.setUpperBound(end.getRhs());
  }
}

LogicalResult Splitter::buildCompute() {
  startKernel("compute", KernelRole::Compute);
  for (Operation &op : source.getBody().front())
    if (!isa<tt::AllocCBOp>(op))
      builder.clone(op, map);
  if (failed(insertReceives(kernel)))
    return failure();
  kernel.walk(
      [](scf::ForOp loop) { loop.getInductionVar().setLoc(loop.getLoc()); });
  eraseUnused(kernel.getBody());
  countItems(kernel);
  eraseUnused(kernel.getBody());
  markUnpackToDest(kernel);
  return success();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

struct SplitDeviceKernelPass
    : tilewright::impl::SplitDeviceKernelBase<SplitDeviceKernelPass> {
  using SplitDeviceKernelBase::SplitDeviceKernelBase;

  void runOnOperation() override {
    const arch::Chip *target = arch::findChip(chip);
    if (!target) {
      emitCoded(getOperation(), Code::UnknownChip)
          << "no chip is named '" << chip << "'";
      return signalPassFailure();
    }
    std::optional<metalium::MathFidelity> fidelity =
        metalium::symbolizeMathFidelity(mathFidelity);
    if (!fidelity) {
      emitCoded(getOperation(), Code::UnknownFidelity)
          << "no math fidelity is named '" << mathFidelity << "'";
      return signalPassFailure();
    }
    // DST is 32 bits wide always: results of fp32 programs need it, and for
    // 16-bit programs it keeps intermediate values from being rounded.
    auto config = metalium::ComputeConfigAttr::get(&getContext(), *fidelity,
                                                   /*fp32_dest_acc_en=*/true,
                                                   dstFullSync, fastMath);
    OpBuilder builder(&getContext());
    for (auto func :
         llvm::make_early_inc_range(getOperation().getOps<tile::FuncOp>())) {
      dropUnusedBlocks(func);
      func.walk([&](tt::CoreProgramOp program) {
        assignScalarBuffers(program, target->noc.dramReadAlignment);
      });
      auto programs = func.getBody().getOps<tt::CoreProgramOp>();
      if (failed(checkPlaces(func)))
        return signalPassFailure();
      bool isWriting =
          func.walk([](Operation *op) {
                return isa<tt::WriteFromCBOp, tt::ScatterFromCBOp>(op)
                           ? WalkResult::interrupt()
                           : WalkResult::advance();
              })
              .wasInterrupted();
      if (programs.empty() || !isWriting) {
        emitCoded(func, Code::EmptyProgram)
            << "the program " << func.getSymName() << " writes no tensor";
        return signalPassFailure();
      }
      separateOverlappingReads(*programs.begin());
      if (failed(
              Splitter(func, *programs.begin(), builder).run(*target, config)))
        return signalPassFailure();
    }
  }
};

} // namespace
