//===- InferLayout.cpp - Pass A1: canonical layouts -----------------------===//
//
// Gives every memref of a program its #tt.layout.
//
// 0. Scalar arguments are tensors of one element (ScalarArguments), 8-bit
//    floats that are only read are bfloat16 (SmallFloats), narrow integers are
//    int32 (SmallIntegers), while loops that count are loops (CountedWhile),
//    products that are spelled out in scalars are gemms (RaiseMatmul), and what
//    is printed and asserted is a matter of buffers (Inspections). Accesses to
//    tensors that have no tile form are loops of their own (MoveElements).
// 1. Refuse what has no layout: element types without a format, shapes that are
//    neither constant nor made of named sizes, results that are never written.
//    Dimensions that are read become constants or `tt.size`.
// 2. Vectors lie along a row or a column (VectorOrientation).
// 3. The tile plane of a tensor of higher rank is the pair of dimensions that
//    its copies and accesses span; the last two when they span fewer.
// 4. What the user decided (LayoutAnnotations) is checked and merged.
// 5. The types of all memrefs are rewritten in place.
//
//===----------------------------------------------------------------------===//

#include "compiler/Analysis/Scalars.h"
#include "compiler/Dialect/Metalium/Elements.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/A_Metadata/BufferBounds.h"
#include "compiler/Passes/A_Metadata/CountedWhile.h"
#include "compiler/Passes/A_Metadata/HoistAddresses.h"
#include "compiler/Passes/A_Metadata/Inspections.h"
#include "compiler/Passes/A_Metadata/LayoutAnnotations.h"
#include "compiler/Passes/A_Metadata/MoveElements.h"
#include "compiler/Passes/A_Metadata/MoveOnChip.h"
#include "compiler/Passes/A_Metadata/ParallelRank.h"
#include "compiler/Passes/A_Metadata/Passes.h"
#include "compiler/Passes/A_Metadata/PickElements.h"
#include "compiler/Passes/A_Metadata/RaiseMatmul.h"
#include "compiler/Passes/A_Metadata/RaiseReductions.h"
#include "compiler/Passes/A_Metadata/ScalarArguments.h"
#include "compiler/Passes/A_Metadata/ScalarStatements.h"
#include "compiler/Passes/A_Metadata/SmallFloats.h"
#include "compiler/Passes/A_Metadata/SmallIntegers.h"
#include "compiler/Passes/A_Metadata/SplitBuffers.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Support/Codes/StageA.h"
#include "compiler/Support/Codes/StageB.h"
#include "llvm/ADT/SmallBitVector.h"
#include "llvm/ADT/StringMap.h"

namespace tilewright {
#define GEN_PASS_DEF_INFERLAYOUT
#include "compiler/Passes/A_Metadata/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

namespace {

/// Formats that the compute stages handle.
bool isComputeFormat(tt::DataFormat format) {
  return format == tt::DataFormat::Float32 ||
         format == tt::DataFormat::Float16 ||
         format == tt::DataFormat::Float16_b ||
         format == tt::DataFormat::Int32 || format == tt::DataFormat::UInt32;
}

struct InferLayoutPass : tilewright::impl::InferLayoutBase<InferLayoutPass> {
  using InferLayoutBase::InferLayoutBase;

  void runOnOperation() override {
    target = arch::findChip(chip);
    if (!target) {
      emitCoded(getOperation(), Code::UnknownChip)
          << "no chip is named '" << chip << "'";
      return signalPassFailure();
    }
    for (auto func : getOperation().getOps<tile::FuncOp>())
      if (failed(inferFunc(func)))
        return signalPassFailure();
  }

private:
  LogicalResult inferFunc(tile::FuncOp func);
  LogicalResult checkType(Value memref, Location loc);
  LogicalResult checkSizes(Value memref, Location loc);
  LogicalResult checkResultsWritten(tile::FuncOp func);
  FailureOr<SmallVector<int64_t>> inferPlane(Value memref, Location loc);

  const arch::Chip *target = nullptr;
  VectorOrientation orientation;
};

/// Extents that only a call knows are sizes with a name, of tensors.
LogicalResult InferLayoutPass::checkSizes(Value memref, Location loc) {
  auto argument = dyn_cast<BlockArgument>(memref);
  std::string name = getBufferName(memref);
  auto reject = [&](const Twine &why) {
    InFlightDiagnostic diag = emitCoded(loc, Code::DynamicShape);
    diag << "the shape of " << name << " is not constant" << why;
    diag.attachNote() << "fix: compile for a fixed size";
    return diag;
  };
  if (!argument)
    return reject(", and it is a buffer in L1");
  if (scalar)
    return reject(", which programs that run element by element need");
  auto func = cast<tile::FuncOp>(argument.getOwner()->getParentOp());
  auto type = cast<MemRefType>(memref.getType());
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim) &&
        func.getSizeName(argument.getArgNumber(), dim).empty())
      return reject(": dimension " + Twine(dim) +
                    " is computed from sizes, not a size itself");
  return success();
}

/// `memref.dim` of tensors becomes a constant, or a `tt.size` at the top of the
/// program, one for each name.
static void lowerDims(tile::FuncOp func) {
  llvm::StringMap<Value> sizes;
  SmallVector<memref::DimOp> dims;
  func.walk([&](memref::DimOp dim) { dims.push_back(dim); });
  Block &top = func.getBody().front();
  Operation *last = nullptr;
  auto getSize = [&](StringRef name, Location loc) {
    Value &size = sizes[name];
    if (!size) {
      OpBuilder builder(func.getContext());
      if (last)
        builder.setInsertionPointAfter(last);
      else
        builder.setInsertionPointToStart(&top);
      auto made = tt::SizeOp::create(
          builder, NameLoc::get(builder.getStringAttr(name), loc),
          builder.getIndexType(), name);
      last = made;
      size = made;
    }
    return size;
  };
  // In the order of the tensors, used or not.
  for (BlockArgument argument : func.getBody().getArguments())
    if (auto type = dyn_cast<MemRefType>(argument.getType()))
      for (int64_t dim = 0; dim < type.getRank(); ++dim)
        if (type.isDynamicDim(dim))
          getSize(func.getSizeName(argument.getArgNumber(), dim),
                  argument.getLoc());
  for (memref::DimOp dim : dims) {
    auto argument = dyn_cast<BlockArgument>(dim.getSource());
    std::optional<int64_t> index = dim.getConstantIndex();
    if (!argument || !index)
      continue;
    auto type = cast<MemRefType>(argument.getType());
    OpBuilder builder(dim);
    Value size =
        type.isDynamicDim(*index)
            ? getSize(func.getSizeName(argument.getArgNumber(), *index),
                      dim.getLoc())
            : Value(arith::ConstantIndexOp::create(builder, dim.getLoc(),
                                                   type.getDimSize(*index)));
    dim.replaceAllUsesWith(size);
    dim.erase();
  }
}

LogicalResult InferLayoutPass::checkType(Value memref, Location loc) {
  auto type = cast<MemRefType>(memref.getType());
  std::string name = getBufferName(memref);
  if (type.getRank() == 0)
    return emitCoded(loc, Code::UnsupportedRank)
           << name
           << " has no dimension; tensors and buffers have at least one";
  if (!type.hasStaticShape() && failed(checkSizes(memref, loc)))
    return failure();
  for (int64_t extent : type.getShape())
    if (extent < 1 && !ShapedType::isDynamic(extent))
      return emitCoded(loc, Code::EmptyShape)
             << name << " has an extent of " << extent;
  std::optional<tt::DataFormat> format =
      metalium::getStorageFormat(type.getElementType());
  bool isLocal = !isa<BlockArgument>(memref);
  bool isComputed = !isScalarBuffer(memref) && !isSteeringTensor(memref);
  if (scalar || !isComputed ? format || isLocal
                            : format && isComputeFormat(*format))
    return success();
  InFlightDiagnostic diag = emitCoded(loc, Code::UnsupportedDtype);
  diag << "the element type of " << name << ", " << type.getElementType()
       << ", is not supported on this target";
  diag.attachNote() << "fix: use float32, bfloat16, float16, int32 or uint32";
  return diag;
}

LogicalResult InferLayoutPass::checkResultsWritten(tile::FuncOp func) {
  for (BlockArgument arg : func.getBody().getArguments()) {
    auto tensor = cast<tile::TensorAttr>(func.getTensors()[arg.getArgNumber()]);
    if (tensor.getRole() != tile::TensorRole::Result)
      continue;
    bool written = llvm::any_of(arg.getUses(), [](OpOperand &use) {
      if (auto copy = dyn_cast<tile::CopyOp>(use.getOwner()))
        return copy.getTarget() == use.get();
      if (auto store = dyn_cast<memref::StoreOp>(use.getOwner()))
        return store.getMemRef() == use.get();
      return isa<tile::FillOp>(use.getOwner());
    });
    if (!written) {
      InFlightDiagnostic diag = emitCoded(arg.getLoc(), Code::OutputNotWritten);
      diag << "output " << tensor.getName() << " is never written";
      diag.attachNote() << "fix: copy a result to " << tensor.getName()
                        << ", or do not return it";
      return diag;
    }
  }
  return success();
}

/// Dimensions of `memref` that its copies and parallel accesses span.
llvm::SmallBitVector spannedDims(Value memref, int64_t rank) {
  llvm::SmallBitVector spanned(rank);
  auto addSizes = [&](ArrayRef<int64_t> sizes) {
    for (auto [dim, size] : llvm::enumerate(sizes))
      if (size != 1)
        spanned.set(dim);
  };
  for (OpOperand &use : memref.getUses()) {
    Operation *op = use.getOwner();
    if (auto copy = dyn_cast<tile::CopyOp>(op)) {
      addSizes(copy.getSource() == memref ? copy.getSourceSizes()
                                          : copy.getTargetSizes());
      continue;
    }
    ValueRange indices;
    if (auto load = dyn_cast<memref::LoadOp>(op))
      indices = load.getIndices();
    else if (auto store = dyn_cast<memref::StoreOp>(op))
      indices = store.getIndices();
    auto parallel = op->getParentOfType<tile::ParallelOp>();
    // Single elements may be anywhere in the tensor.
    if (!parallel || (parallel.isByElement() && isa<BlockArgument>(memref)))
      continue;
    for (auto [dim, index] : llvm::enumerate(indices)) {
      // An index that is computed from a loop index inside the body.
      SmallVector<Value> worklist = {index};
      while (!worklist.empty()) {
        Value value = worklist.pop_back_val();
        Operation *def = value.getDefiningOp();
        auto argument = dyn_cast<BlockArgument>(value);
        if (argument && argument.getOwner() == &parallel.getBody().front() &&
            parallel.getExtents()[argument.getArgNumber()] != 1)
          spanned.set(dim);
        else if (def && parallel->isProperAncestor(def))
          llvm::append_range(worklist, def->getOperands());
      }
    }
  }
  return spanned;
}

FailureOr<SmallVector<int64_t>> InferLayoutPass::inferPlane(Value memref,
                                                            Location loc) {
  int64_t rank = cast<MemRefType>(memref.getType()).getRank();
  if (scalar)
    return rank < 2 ? SmallVector<int64_t>{-1, rank - 1}
                    : SmallVector<int64_t>{rank - 2, rank - 1};
  if (rank == 1)
    return orientation.isColumn(memref) ? SmallVector<int64_t>{0, -1}
                                        : SmallVector<int64_t>{-1, 0};
  SmallVector<int64_t> last = {rank - 2, rank - 1};
  llvm::SmallBitVector spanned = spannedDims(memref, rank);
  if (spanned.count() > 2) {
    InFlightDiagnostic diag = emitCoded(loc, Code::PlaneRank);
    diag << "blocks of " << getBufferName(memref) << " span " << spanned.count()
         << " dimensions; a block is a matrix";
    diag.attachNote()
        << "fix: copy one matrix at a time, with the other indices "
           "fixed";
    return diag;
  }
  if (spanned.count() == 2)
    return SmallVector<int64_t>{spanned.find_first(), spanned.find_last()};
  if (spanned.count() == 1 && spanned.find_first() < rank - 2)
    return SmallVector<int64_t>{spanned.find_first(), rank - 1};
  return last;
}

LogicalResult InferLayoutPass::inferFunc(tile::FuncOp func) {
  if (failed(checkBufferBounds(func)) || failed(lowerScalarArguments(func)))
    return failure();
  if (!keepSmallFloats)
    holdSmallFloats(func);
  SmallIntegers small = findSmallIntegers(func);
  bool wantsWords = small.computed && !scalar && !keepSmallIntegers &&
                    (!small.multiplied || exactProducts);
  if (small.holdable && (wantsWords || holdSmallIntegers))
    tilewright::holdSmallIntegers(func);
  if (!scalar) {
    hoistAddresses(func);
    countWhileLoops(func);
    raiseMatmulNests(func, target->l1Free());
  }
  std::array<int64_t, 2> cores = {target->grid[0], target->grid[1]};
  if (coreGrid.size() == 2)
    cores = {coreGrid[0], coreGrid[1]};
  LayoutAnnotations annotations(*target, cores);
  if (failed(annotations.collect(func)) || failed(checkResultsWritten(func)))
    return failure();
  if (!scalar) {
    spellInspections(func);
    raiseReductions(func, target->l1Free());
    widenParallelLoops(func);
    peelParallelLoops(func);
    moveElements(func);
    if (!keepBuffers)
      splitBuffers(func);
    moveOnChip(func);
    spellScalarStatements(func);
    pickElements(func);
  }
  orientation = VectorOrientation();
  SmallVector<std::pair<Value, Location>> memrefs;
  for (BlockArgument arg : func.getBody().getArguments())
    memrefs.push_back({arg, arg.getLoc()});
  func.walk([&](tile::AllocOp alloc) {
    memrefs.push_back({alloc.getBuffer(), alloc.getLoc()});
  });
  for (auto [memref, loc] : memrefs)
    if (failed(checkType(memref, loc)))
      return failure();
  lowerDims(func);
  if (!scalar)
    orientation.analyze(func);

  // All planes first: retyping must not change what the analysis sees.
  SmallVector<SmallVector<int64_t>> planes;
  for (auto [memref, loc] : memrefs) {
    FailureOr<SmallVector<int64_t>> plane = inferPlane(memref, loc);
    if (failed(plane))
      return failure();
    planes.push_back(*plane);
  }
  const int64_t tile[] = {tt::kTileDim, tt::kTileDim};
  for (auto [entry, plane] : llvm::zip(memrefs, planes)) {
    Value memref = entry.first;
    auto type = cast<MemRefType>(memref.getType());
    tt::Memory memory =
        isa<BlockArgument>(memref) ? tt::Memory::Dram : tt::Memory::L1;
    auto layout = tt::LayoutAttr::get(
        &getContext(), memory, tt::Placement::Interleaved, plane, tile,
        metalium::getStorageFormat(type.getElementType())
            .value_or(tt::DataFormat::UInt32),
        tt::CBAttr());
    if (!type.hasStaticShape() && annotations.has(memref)) {
      InFlightDiagnostic diag = emitCoded(memref.getLoc(), Code::DynamicShape);
      diag << "the layout of " << getBufferName(memref)
           << " is annotated, and its shape is not constant";
      diag.attachNote() << "fix: compile for a fixed size";
      return diag;
    }
    FailureOr<tt::LayoutAttr> decided = annotations.apply(memref, layout);
    if (failed(decided))
      return failure();
    memref.setType(MemRefType::get(type.getShape(), type.getElementType(),
                                   type.getLayout(), *decided));
    annotations.locateShards(memref);
  }
  return annotations.checkCapacity(func);
}

} // namespace
