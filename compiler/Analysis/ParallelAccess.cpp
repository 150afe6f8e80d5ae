//===- ParallelAccess.cpp - How a parallel body touches its buffers -------===//

#include "compiler/Analysis/ParallelAccess.h"

#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Support/Codes/StageA.h"
#include "compiler/Support/Codes/StageC.h"

using namespace mlir;

namespace tilewright {

tt::LayoutAttr getLayout(Value memref) {
  auto type = dyn_cast<MemRefType>(memref.getType());
  return type ? dyn_cast_or_null<tt::LayoutAttr>(type.getMemorySpace())
              : tt::LayoutAttr();
}

PlaneExtents getPlaneExtents(ArrayRef<int64_t> shape, tt::LayoutAttr layout) {
  auto extent = [&](int64_t dim) { return dim < 0 ? 1 : shape[dim]; };
  return {extent(layout.getPlane()[0]), extent(layout.getPlane()[1])};
}

static OperandRange indicesOf(Operation *op) {
  if (auto load = dyn_cast<memref::LoadOp>(op))
    return load.getIndices();
  return cast<memref::StoreOp>(op).getIndices();
}

std::string ParallelAnalysis::describe(const ParallelAccess &access) const {
  std::string text = getBufferName(access.memref) + "[";
  bool first = true;
  for (Value index : indicesOf(access.op)) {
    if (!first)
      text += ", ";
    first = false;
    text += IndexExpr::of(index).str();
  }
  return text + "]";
}

InFlightDiagnostic ParallelAnalysis::noTileForm(const ParallelAccess &access) {
  return emitCoded(access.op, Code::NoTileForm)
         << "T.Parallel: " << describe(access) << " has no tile form: ";
}

LogicalResult ParallelAnalysis::analyze(tile::ParallelOp op) {
  loop = op;
  for (Operation &inner : loop.getBody().front()) {
    if (inner.getNumRegions() != 0) {
      InFlightDiagnostic diag =
          emitCoded(&inner, Code::NoTileForm)
          << "T.Parallel: a branch or loop inside the body "
             "has no tile form yet";
      diag.attachNote() << "fix: compute both sides and choose with T.max or "
                           "T.min, or guard the whole block outside";
      return diag;
    }
    if (isa<tile::PrintOp, tile::AssertOp>(inner))
      return emitCoded(&inner, Code::NeedsElements)
             << (isa<tile::PrintOp>(inner) ? "T.print" : "T.device_assert")
             << " in T.Parallel looks at single elements";
    if (isa<memref::LoadOp, memref::StoreOp>(inner) && failed(collect(&inner)))
      return failure();
  }
  if (stores.empty())
    return success();
  // The stores of the whole body give the space that loads are classified
  // against.
  for (auto [access, variables] : llvm::zip(loads, loadVariables))
    if (failed(classify(access, variables.first, variables.second)))
      return failure();
  return success();
}

FailureOr<ParallelAnalysis::Index>
ParallelAnalysis::split(Operation *op, Value memref, IndexExpr index) {
  ParallelAccess access;
  access.op = op;
  access.memref = memref;
  Index result;
  for (BlockArgument argument : loop.getBody().getArguments()) {
    std::optional<int64_t> coefficient = index.getCoefficient(argument);
    if (loop.getExtents()[argument.getArgNumber()] == 1) {
      index = index.without(argument);
      continue;
    }
    if (coefficient == 0)
      continue;
    if (coefficient != 1) {
      noTileForm(access) << "an index is not a loop variable plus an offset";
      return failure();
    }
    if (result.variable != -1) {
      noTileForm(access) << "an index uses two loop variables";
      return failure();
    }
    result.variable = argument.getArgNumber();
    index = index.without(argument);
  }
  for (const IndexExpr::Term &term : index.getTerms())
    for (const IndexExpr::Atom &atom : term.atoms)
      if (Operation *def = atom.value.getDefiningOp();
          def && loop->isAncestor(def)) {
        bool indirect = isa<memref::LoadOp>(def);
        noTileForm(access)
            << (indirect ? "an index is read from a buffer"
                         : "an index is computed from a loop variable");
        return failure();
      }
  result.base = index;
  return result;
}

LogicalResult ParallelAnalysis::collect(Operation *op) {
  ParallelAccess access;
  access.op = op;
  bool isStore = isa<memref::StoreOp>(op);
  access.memref = isStore ? cast<memref::StoreOp>(op).getMemRef()
                          : cast<memref::LoadOp>(op).getMemRef();
  tt::LayoutAttr layout = getLayout(access.memref);
  if (!layout)
    return emitCoded(op, Code::MissingLayout)
           << getBufferName(access.memref) << " has no #tt.layout";
  int row = -1, col = -1;
  for (auto [dim, index] : llvm::enumerate(indicesOf(op))) {
    FailureOr<Index> parts = split(op, access.memref, IndexExpr::of(index));
    if (failed(parts))
      return failure();
    if (static_cast<int64_t>(dim) == layout.getPlane()[0]) {
      access.row = parts->base;
      row = parts->variable;
    } else if (static_cast<int64_t>(dim) == layout.getPlane()[1]) {
      access.col = parts->base;
      col = parts->variable;
    } else {
      if (parts->variable != -1)
        return noTileForm(access) << "a loop variable runs over dimension "
                                  << dim << ", which is outside the tile plane";
      access.outer.push_back(parts->base);
    }
  }
  if (row != -1 && row == col)
    return noTileForm(access) << "both dimensions use the same loop variable";
  if (isStore)
    return addStore(std::move(access), row, col);
  loads.push_back(std::move(access));
  loadVariables.push_back({row, col});
  return success();
}

LogicalResult ParallelAnalysis::addStore(ParallelAccess access, int row,
                                         int col) {
  auto extentOf = [&](int variable) {
    return variable < 0 ? 1 : loop.getExtents()[variable];
  };
  for (auto [variable, extent] : llvm::enumerate(loop.getExtents()))
    if (extent != 1 && static_cast<int>(variable) != row &&
        static_cast<int>(variable) != col) {
      InFlightDiagnostic diag = emitCoded(access.op, Code::ParallelRace);
      diag << "T.Parallel: every iteration of "
           << cast<StringAttr>(loop.getNames()[variable]).getValue()
           << " writes the same element of " << describe(access);
      diag.attachNote()
          << "fix: use each loop variable in the index that is "
             "written, or reduce with T.reduce_sum or T.reduce_max";
      return diag;
    }
  PlaneExtents region{extentOf(row), extentOf(col)};
  if (stores.empty()) {
    rowVariable = row;
    colVariable = col;
    space = region;
  } else if (row != rowVariable || col != colVariable) {
    if (!isVectorSpace() || row != colVariable || col != rowVariable)
      return noTileForm(access) << "the loop writes blocks in two orientations";
    access.turned = true;
  }
  access.kind = tt::AccessKind::Same;
  access.region = region; // of its own plane, turned or not
  stores.push_back(std::move(access));
  return success();
}

LogicalResult ParallelAnalysis::classify(ParallelAccess &access, int row,
                                         int col) {
  if (row == rowVariable && col == colVariable) {
    access.kind = tt::AccessKind::Same;
    access.region = space;
  } else if (isVectorSpace() && row == colVariable && col == rowVariable) {
    access.kind = tt::AccessKind::Same;
    access.region = {space.cols, space.rows};
    access.turned = true;
  } else if (row == -1 && col == -1) {
    access.kind = tt::AccessKind::Scalar;
    access.region = {1, 1};
  } else if (row == -1 && col == colVariable) {
    access.kind = tt::AccessKind::Row;
    access.region = {1, space.cols};
  } else if (row == rowVariable && col == -1) {
    access.kind = tt::AccessKind::Col;
    access.region = {space.rows, 1};
  } else if (row == -1 && col == rowVariable) {
    access.kind = tt::AccessKind::Col;
    access.region = {1, space.rows};
    access.turned = true;
  } else if (row == colVariable && col == -1) {
    access.kind = tt::AccessKind::Row;
    access.region = {space.cols, 1};
    access.turned = true;
  } else if (row == colVariable && col == rowVariable) {
    access.kind = tt::AccessKind::Transposed;
    access.region = {space.cols, space.rows};
  } else {
    return noTileForm(access)
           << "its indices stand in other dimensions than in what is written";
  }
  return success();
}

} // namespace tilewright
