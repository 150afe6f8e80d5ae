//===- Estimate.cpp - What a program should cost --------------------------===//
//
// A roofline over three resources, from the chip's parameters in arch/:
//
// 1. Calls are counted in each kernel, a call in loops as the product of their
//    trip counts; a bound that is not constant (the work items of a core)
//    counts as the items of the busiest core, a size that only a call knows as
//    kSampleSize. Both sides of a condition count.
// 2. compute: on the busiest core, the sum over calls of the math unit's
//    cycles: a tile product takes phases * matmulCyclesPerPhase +
//    matmulOverheadPerTile (phases: 1 for LoFi to 4 for HiFi4), an FPU
//    operation eltwiseCycles + eltwiseOverhead, another operation on a tile
//    copyCycles + eltwiseOverhead; each DST section adds mathSectionOverhead,
//    and the kernel kernelInit once.
// 3. noc: on the busiest core, the pages of its busier data-movement kernel,
//    each occupying the NIU for flits * readOccupancy (writeOccupancy) cycles,
//    no less than the RISC's readIssue (writeIssue) + bankAddress; each barrier
//    waits once for the way to DRAM and back. On the torus of a NoC request and
//    answer together pass every router of a row and of a column.
// 4. dram: the pages of all cores over the bandwidth of all banks, reads and
//    writes one after the other.
// 5. cycles = launchCycles + the largest of the three, which is the bound.
//
// Unpack, pack and contention are left out: the simulator has them.
//
//===----------------------------------------------------------------------===//

#include "compiler/Target/Plan/Estimate.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

#include <algorithm>
#include <cmath>
#include <optional>

using namespace mlir;

namespace tilewright {

namespace {

/// Step 1: calls of one kernel on a core with `items` work items.
class CallCounts {
public:
  CallCounts(metalium::KernelOp kernel, const arch::Chip &chip, int64_t items)
      : chip(chip), items(items) {
    count(*kernel.getBodyBlock(), 1);
  }

  double matmuls = 0;  ///< products of two tiles
  double fpuOps = 0;   ///< tiles
  double otherOps = 0; ///< tiles
  double sections = 0; ///< of DST
  double readBytes = 0, writtenBytes = 0;
  double nocCycles = 0;

private:
  void count(Block &block, double times) {
    for (Operation &op : block) {
      countCall(&op, times);
      double inner = times;
      if (auto loop = dyn_cast<scf::ForOp>(op))
        inner *= tripCount(loop);
      for (Region &region : op.getRegions())
        for (Block &nested : region)
          count(nested, inner);
    }
  }

  /// A bound of constants and sizes.
  static std::optional<int64_t> valueOf(Value value) {
    APInt constant;
    if (matchPattern(value, m_ConstantInt(&constant)))
      return constant.getSExtValue();
    Operation *op = value.getDefiningOp();
    if (auto arg = dyn_cast_or_null<metalium::CommonArgOp>(op))
      return arg.getSizeName() ? std::optional(kSampleSize) : std::nullopt;
    if (!isa_and_nonnull<arith::AddIOp, arith::MulIOp, arith::DivSIOp,
                         arith::DivUIOp, arith::FloorDivSIOp>(op))
      return std::nullopt;
    auto a = valueOf(op->getOperand(0)), b = valueOf(op->getOperand(1));
    if (!a || !b)
      return std::nullopt;
    if (isa<arith::AddIOp>(op))
      return *a + *b;
    if (isa<arith::MulIOp>(op))
      return *a * *b;
    return *b > 0 ? std::optional(*a / *b) : std::nullopt;
  }

  double tripCount(scf::ForOp loop) const {
    std::optional<int64_t> lower = valueOf(loop.getLowerBound());
    std::optional<int64_t> upper = valueOf(loop.getUpperBound());
    std::optional<int64_t> step = valueOf(loop.getStep());
    if (!lower || !upper || !step || *step < 1)
      return items;
    int64_t extent = *upper - *lower;
    return std::max<int64_t>(0, (extent + *step - 1) / *step);
  }

  void countCall(Operation *op, double times) {
    auto call = dyn_cast<metalium::MetaliumCallOpInterface>(op);
    if (!call)
      return;
    const metalium::CallRecord &record = call.getCallRecord();
    if (auto block = dyn_cast<metalium::MatmulBlockOp>(op))
      matmuls += times * block.getCt() * block.getRt();
    else if (record.opName == "metalium.matmul_tiles")
      matmuls += times;
    else if (record.category == "compute")
      (record.opName.contains("_tiles") ? fpuOps : otherOps) += times;
    else if (record.opName == "metalium.tile_regs_acquire")
      sections += times;
    else if (isa<metalium::NocAsyncReadBarrierOp>(op))
      nocCycles += times * roundTrip(chip.dram.readLatency);
    else if (isa<metalium::NocAsyncWriteBarrierOp>(op))
      nocCycles += times * roundTrip(chip.dram.writeLatency);
    else if (record.category == "noc")
      countPage(op, record.opName.contains("read"), times);
  }

  /// Cycles from the issue of a transfer to the end of a barrier.
  double roundTrip(double bank) const {
    const arch::NocParameters &p = chip.noc;
    double routers = double(chip.nocGrid.x) + chip.nocGrid.y;
    return p.endpointCycles + 4 * p.niuCycles + routers * p.hopCycles + bank +
           p.barrierPoll;
  }

  /// A transfer of one page of a tensor; other transfers stay in the core.
  void countPage(Operation *op, bool isRead, double times) {
    for (Value operand : op->getOperands()) {
      auto accessor = operand.getDefiningOp<metalium::TensorAccessorOp>();
      if (!accessor)
        continue;
      double bytes = accessor.getPageBytes();
      const arch::NocParameters &p = chip.noc;
      double flits = std::ceil(bytes / p.flitBytes);
      double niu = flits * (isRead ? p.readOccupancy : p.writeOccupancy);
      double risc = (isRead ? p.readIssue : p.writeIssue) + p.bankAddress;
      (isRead ? readBytes : writtenBytes) += times * bytes;
      nocCycles += times * std::max(niu, risc);
    }
  }

  const arch::Chip &chip;
  int64_t items;
};

} // namespace

static unsigned phases(metalium::MathFidelity fidelity) {
  return std::max(1u, static_cast<unsigned>(fidelity));
}

/// Step 2.
static double computeCycles(const ProgramView &program,
                            const CallCounts &calls) {
  const arch::ComputeParameters &p = program.chip->compute;
  double matmul =
      phases(program.config.getMathFidelity()) * p.matmulCyclesPerPhase +
      p.matmulOverheadPerTile;
  return p.kernelInit + calls.sections * p.mathSectionOverhead +
         calls.matmuls * matmul +
         calls.fpuOps * (p.eltwiseCycles + p.eltwiseOverhead) +
         calls.otherOps * (p.copyCycles + p.eltwiseOverhead);
}

Estimate estimate(const ProgramView &program) {
  int64_t busiest = 0;
  for (const CoreWork &work : program.work)
    busiest = std::max(busiest, work.count);

  double compute = 0, noc = 0, readBytes = 0, writtenBytes = 0;
  for (const KernelView &kernel : program.kernels) {
    CallCounts calls(kernel.op, *program.chip, busiest);
    if (kernel.role == metalium::KernelRole::Compute)
      compute = computeCycles(program, calls);
    noc = std::max(noc, calls.nocCycles);
    double share = double(program.items) / busiest;
    readBytes += calls.readBytes * share;
    writtenBytes += calls.writtenBytes * share;
  }
  const arch::DramParameters &dramParameters = program.chip->dram;
  double dram = (readBytes / dramParameters.readBytesPerCycle +
                 writtenBytes / dramParameters.writeBytesPerCycle) /
                dramParameters.banks;

  Estimate result;
  result.computeCycles = std::llround(compute);
  result.dramCycles = std::llround(dram);
  result.nocCycles = std::llround(noc);
  result.dramReadBytes = std::llround(readBytes);
  result.dramWriteBytes = std::llround(writtenBytes);
  int64_t largest =
      std::max({result.computeCycles, result.dramCycles, result.nocCycles});
  result.bound = largest == result.computeCycles ? "compute"
                 : largest == result.dramCycles  ? "dram"
                                                 : "noc";
  result.cycles = program.chip->launchCycles + largest;
  return result;
}

} // namespace tilewright
