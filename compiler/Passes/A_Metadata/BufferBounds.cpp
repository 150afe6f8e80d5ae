//===- BufferBounds.cpp - Accesses outside of on-chip buffers -------------===//

#include "compiler/Passes/A_Metadata/BufferBounds.h"

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Analysis/IndexRange.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Support/Codes/StageA.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace tilewright {

/// The values that a counter or a block id takes, the least and the greatest.
static std::optional<IndexRange> getValues(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument)
    return std::nullopt;
  auto below = [](std::optional<int64_t> extent) -> std::optional<IndexRange> {
    if (!extent || *extent < 1)
      return std::nullopt;
    return IndexRange{0, *extent - 1};
  };
  const unsigned number = argument.getArgNumber();
  return llvm::TypeSwitch<Operation *, std::optional<IndexRange>>(
             argument.getOwner()->getParentOp())
      .Case([&](tile::LaunchOp launch) {
        return below(IndexExpr::of(launch.getExtents()[number]).getConstant());
      })
      .Case([&](tile::ParallelOp loop) {
        return below(loop.getExtents()[number]);
      })
      .Case([&](tile::ForOp loop) -> std::optional<IndexRange> {
        auto lower = IndexExpr::of(loop.getLower()).getConstant();
        auto upper = IndexExpr::of(loop.getUpper()).getConstant();
        auto step = IndexExpr::of(loop.getStep()).getConstant();
        if (!lower || !upper || !step || *step < 1 || *lower >= *upper)
          return std::nullopt;
        return IndexRange{*lower, *upper - 1 - (*upper - 1 - *lower) % *step};
      })
      .Default([](Operation *) { return std::nullopt; });
}

/// The same of a sum of them, each of which varies alone.
static std::optional<IndexRange> getValues(const IndexExpr &sum) {
  IndexRange values = {sum.getOffset(), sum.getOffset()};
  for (const IndexExpr::Term &term : sum.getTerms()) {
    if (term.atoms.size() != 1 || term.atoms.front().divisor != 1)
      return std::nullopt;
    std::optional<IndexRange> atom = getValues(term.atoms.front().value);
    if (!atom)
      return std::nullopt;
    const int64_t factor = term.coefficient;
    values.min += factor * (factor > 0 ? atom->min : atom->max);
    values.max += factor * (factor > 0 ? atom->max : atom->min);
  }
  return values;
}

/// Whether `op` runs in every block, for all values of the counters around it.
static bool runsAlways(Operation *op) {
  for (Operation *around = op->getParentOp(); !isa<tile::FuncOp>(around);
       around = around->getParentOp()) {
    if (auto loop = dyn_cast<tile::ForOp>(around)) {
      if (!getValues(Value(loop.getInductionVar())))
        return false;
    } else if (!isa<tile::LaunchOp, tile::ParallelOp>(around)) {
      return false;
    }
  }
  return true;
}

static bool isOnChip(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  auto scope = dyn_cast_or_null<tile::ScopeAttr>(type.getMemorySpace());
  return buffer.getDefiningOp<tile::AllocOp>() && scope &&
         scope.getValue() != tile::Scope::Global;
}

/// Whether `index` is a counter of `T.Parallel` and nothing else. GPU programs
/// use such loops over more elements than a small buffer has.
static bool isIteration(const IndexExpr &index) {
  if (index.getOffset() != 0 || index.getTerms().size() != 1)
    return false;
  const IndexExpr::Term &term = index.getTerms().front();
  auto counter = dyn_cast<BlockArgument>(term.atoms.front().value);
  return term.coefficient == 1 && counter &&
         isa<tile::ParallelOp>(counter.getOwner()->getParentOp());
}

/// Checks the elements from `offset` on, `sizes` of them along each dimension.
static LogicalResult check(Operation *op, Value buffer, ValueRange offsets,
                           ArrayRef<int64_t> sizes) {
  if (!isOnChip(buffer) || !runsAlways(op))
    return success();
  auto type = cast<MemRefType>(buffer.getType());
  for (auto [d, offset] : llvm::enumerate(offsets)) {
    const IndexExpr first = IndexExpr::of(offset);
    const int64_t size = sizes.empty() ? 1 : sizes[d];
    const int64_t extent = type.getDimSize(d);
    std::optional<IndexRange> values = getValues(first);
    if (!values || (values->min >= 0 && values->max + size <= extent))
      continue;
    const bool below = values->min < 0;
    std::string shape;
    llvm::raw_string_ostream stream(shape);
    llvm::interleaveComma(type.getShape(), stream);
    const IndexExpr index = first + (below ? 0 : size - 1);
    const bool mayRun = isIteration(index);
    InFlightDiagnostic diag = mayRun
                                  ? warnCoded(op->getLoc(), Code::OutsideBuffer)
                                  : emitCoded(op, Code::OutsideBuffer);
    diag << "index " << index.str() << " of dimension " << d;
    if (!index.getConstant())
      diag << " reaches " << (below ? values->min : values->max + size - 1)
           << ", which";
    diag << " lies outside " << getBufferName(buffer) << " (" << shape << ")";
    diag.attachNote() << "fix: index 0 to " << extent - 1
                      << "; bound the loop, or put the access under an if";
    if (!mayRun)
      return diag;
  }
  return success();
}

LogicalResult checkBufferBounds(tile::FuncOp func) {
  LogicalResult result = success();
  func.walk([&](Operation *op) {
    LogicalResult checked =
        llvm::TypeSwitch<Operation *, LogicalResult>(op)
            .Case<memref::LoadOp, memref::StoreOp>([](auto access) {
              return check(access, access.getMemRef(), access.getIndices(), {});
            })
            .Case([](tile::CopyOp copy) {
              LogicalResult read =
                  check(copy, copy.getSource(), copy.getSourceOffsets(),
                        copy.getSourceSizes());
              LogicalResult written =
                  check(copy, copy.getTarget(), copy.getTargetOffsets(),
                        copy.getTargetSizes());
              return success(succeeded(read) && succeeded(written));
            })
            .Default([](Operation *) { return success(); });
    if (failed(checked))
      result = failure();
  });
  return result;
}

} // namespace tilewright
