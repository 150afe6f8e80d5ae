//===- Estimate.cpp - What a program should cost --------------------------===//
//
// A roofline over three resources, from the chip's parameters in arch/:
//
// 1. Calls are counted in each kernel, a call in loops as the product of their
//    trip counts, which are expressions over the sizes that only a call knows;
//    a bound of another kind (the work items of a core) counts as the items of
//    the busiest core. Both sides of a condition count. The plan has the
//    estimate for kSampleSize, and what it is made of, from which who knows the
//    sizes makes it again (simulator/Host/Plan/Sizes.cpp).
// 2. compute: on the busiest core, the sum over calls of the math unit's
//    cycles: a tile product takes phases * matmulCyclesPerPhase +
//    matmulOverheadPerTile (phases: 1 for LoFi to 4 for HiFi4), an FPU
//    operation eltwiseCycles + eltwiseOverhead, another operation on a tile
//    copyCycles + eltwiseOverhead; each DST section adds mathSectionOverhead,
//    and the kernel kernelInit once.
// 3. noc: on the busiest core, the pages of its busier data-movement kernel,
//    each occupying the NIU for flits * readOccupancy (writeOccupancy) cycles,
//    no less than the RISC's readIssue (writeIssue) + bankAddress, and where
//    the number of DRAM banks is no power of two pageDivision; each barrier
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

#include "compiler/Target/SizeText.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cmath>

using namespace mlir;

namespace tilewright {

namespace {

/// Step 1: calls of one kernel on a core with `items` work items.
class CallCounts {
public:
  CallCounts(metalium::KernelOp kernel, const arch::Chip &chip,
             AffineExpr items, ArrayRef<std::string> sizes)
      : chip(chip), items(items), sizes(sizes) {
    count(*kernel.getBodyBlock(),
          getAffineConstantExpr(1, kernel.getContext()));
  }

  EstimateTerms matmuls;  ///< products of two tiles
  EstimateTerms fpuOps;   ///< tiles
  EstimateTerms otherOps; ///< tiles
  EstimateTerms sections; ///< of DST
  EstimateTerms readBytes, writtenBytes;
  EstimateTerms nocCycles;

private:
  void count(Block &block, AffineExpr times) {
    for (Operation &op : block) {
      countCall(&op, times);
      AffineExpr inner = times;
      if (auto loop = dyn_cast<scf::ForOp>(op))
        inner = inner * tripCount(loop);
      for (Region &region : op.getRegions())
        for (Block &nested : region)
          count(nested, inner);
    }
  }

  /// A bound of constants and sizes, or null.
  AffineExpr exprOf(Value value) const {
    APInt constant;
    if (matchPattern(value, m_ConstantInt(&constant)))
      return getAffineConstantExpr(constant.getSExtValue(), value.getContext());
    Operation *op = value.getDefiningOp();
    if (auto arg = dyn_cast_or_null<metalium::CommonArgOp>(op)) {
      auto name = arg.getSizeName();
      auto *found = name ? llvm::find(sizes, name->str()) : sizes.end();
      return found == sizes.end() ? AffineExpr()
                                  : getAffineSymbolExpr(found - sizes.begin(),
                                                        value.getContext());
    }
    if (!isa_and_nonnull<arith::AddIOp, arith::MulIOp, arith::DivSIOp,
                         arith::DivUIOp, arith::FloorDivSIOp>(op))
      return {};
    AffineExpr a = exprOf(op->getOperand(0)), b = exprOf(op->getOperand(1));
    if (!a || !b)
      return {};
    if (isa<arith::AddIOp>(op))
      return a + b;
    if (isa<arith::MulIOp>(op))
      return a * b;
    auto by = dyn_cast<AffineConstantExpr>(b);
    return by && by.getValue() > 0 ? a.floorDiv(by.getValue()) : AffineExpr();
  }

  AffineExpr tripCount(scf::ForOp loop) const {
    AffineExpr lower = exprOf(loop.getLowerBound());
    AffineExpr upper = exprOf(loop.getUpperBound());
    AffineExpr step = exprOf(loop.getStep());
    auto by = dyn_cast_or_null<AffineConstantExpr>(step);
    if (!lower || !upper || !by || by.getValue() < 1)
      return items;
    AffineExpr trips = (upper - lower).ceilDiv(by.getValue());
    auto constant = dyn_cast<AffineConstantExpr>(trips);
    return constant && constant.getValue() < 0 ? trips * 0 : trips;
  }

  void countCall(Operation *op, AffineExpr times) {
    auto call = dyn_cast<metalium::MetaliumCallOpInterface>(op);
    if (!call)
      return;
    const metalium::CallRecord &record = call.getCallRecord();
    if (auto block = dyn_cast<metalium::MatmulBlockOp>(op))
      matmuls.add(block.getCt() * block.getRt(), times);
    else if (record.opName == "metalium.matmul_tiles")
      matmuls.add(1, times);
    else if (record.category == "compute")
      (record.opName.contains("_tiles") ? fpuOps : otherOps).add(1, times);
    else if (record.opName == "metalium.tile_regs_acquire")
      sections.add(1, times);
    else if (isa<metalium::NocAsyncReadBarrierOp>(op))
      nocCycles.add(roundTrip(chip.dram.readLatency), times);
    else if (isa<metalium::NocAsyncWriteBarrierOp>(op))
      nocCycles.add(roundTrip(chip.dram.writeLatency), times);
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
  void countPage(Operation *op, bool isRead, AffineExpr times) {
    for (Value operand : op->getOperands()) {
      auto accessor = operand.getDefiningOp<metalium::TensorAccessorOp>();
      if (!accessor)
        continue;
      double bytes = accessor.getPageBytes();
      const arch::NocParameters &p = chip.noc;
      double flits = std::ceil(bytes / p.flitBytes);
      double niu = flits * (isRead ? p.readOccupancy : p.writeOccupancy);
      double risc = (isRead ? p.readIssue : p.writeIssue) + p.bankAddress;
      // A mask finds the bank of a page where their number is a power of two.
      if (!llvm::isPowerOf2_32(chip.dram.banks))
        risc += p.pageDivision;
      (isRead ? readBytes : writtenBytes).add(bytes, times);
      nocCycles.add(std::max(niu, risc), times);
    }
  }

  const arch::Chip &chip;
  AffineExpr items;
  ArrayRef<std::string> sizes;
};

} // namespace

void EstimateTerms::add(double each, AffineExpr times) {
  for (auto &[coefficient, expr] : terms)
    if (expr == times) {
      coefficient += each;
      return;
    }
  terms.push_back({each, times});
}

void EstimateTerms::add(double factor, const EstimateTerms &other) {
  for (const auto &[coefficient, expr] : other.terms)
    add(factor * coefficient, expr);
}

double EstimateTerms::at(ArrayRef<int64_t> sizes) const {
  double sum = 0;
  for (const auto &[coefficient, expr] : terms)
    sum += coefficient * double(evaluateSize(expr, sizes));
  return sum;
}

static unsigned phases(metalium::MathFidelity fidelity) {
  return std::max(1u, static_cast<unsigned>(fidelity));
}

/// Step 2.
static EstimateTerms computeCycles(const ProgramView &program,
                                   const CallCounts &calls) {
  const arch::ComputeParameters &p = program.chip->compute;
  double matmul =
      phases(program.config.getMathFidelity()) * p.matmulCyclesPerPhase +
      p.matmulOverheadPerTile;
  EstimateTerms cycles;
  cycles.add(p.kernelInit,
             getAffineConstantExpr(1, program.config.getContext()));
  cycles.add(p.mathSectionOverhead, calls.sections);
  cycles.add(matmul, calls.matmuls);
  cycles.add(p.eltwiseCycles + p.eltwiseOverhead, calls.fpuOps);
  cycles.add(p.copyCycles + p.eltwiseOverhead, calls.otherOps);
  return cycles;
}

/// Work items of the busiest core.
static AffineExpr busiestItems(const ProgramView &program, int64_t busiest) {
  if (!program.isCutByHost)
    return getAffineConstantExpr(busiest, program.config.getContext());
  AffineExpr items = program.launchExprs.front();
  for (AffineExpr extent : ArrayRef(program.launchExprs).drop_front())
    items = items * extent;
  return items.ceilDiv(program.coreGrid[0] * program.coreGrid[1]);
}

Estimate estimate(const ProgramView &program) {
  int64_t busiest = 0;
  for (const CoreWork &work : program.work)
    busiest = std::max(busiest, work.count);
  std::vector<std::string> names = program.sizeNames();
  SmallVector<int64_t> samples(names.size(), kSampleSize);

  Estimate result;
  double noc = 0;
  for (const KernelView &kernel : program.kernels) {
    CallCounts calls(kernel.op, *program.chip, busiestItems(program, busiest),
                     names);
    if (kernel.role == metalium::KernelRole::Compute)
      result.compute = computeCycles(program, calls);
    result.noc.push_back(calls.nocCycles);
    noc = std::max(noc, calls.nocCycles.at(samples));
    result.readBytes.add(1, calls.readBytes);
    result.writtenBytes.add(1, calls.writtenBytes);
  }
  double share = double(program.items) / busiest;
  const arch::DramParameters &dram = program.chip->dram;
  result.dramReadRate = dram.readBytesPerCycle * dram.banks;
  result.dramWriteRate = dram.writeBytesPerCycle * dram.banks;
  double readBytes = result.readBytes.at(samples) * share;
  double writtenBytes = result.writtenBytes.at(samples) * share;

  result.computeCycles = std::llround(result.compute.at(samples));
  result.dramCycles = std::llround(readBytes / result.dramReadRate +
                                   writtenBytes / result.dramWriteRate);
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
