//===- AttachTensorAccessor.cpp - Pass A3: accessors of tensors -----------===//
//
// Describes, for each tensor argument that the program touches, how its
// elements map to pages: outer planes, rows and columns of the tile plane, page
// format.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/A_Metadata/Layouts.h"
#include "compiler/Passes/A_Metadata/Passes.h"
#include "mlir/IR/Builders.h"

namespace tilewright {
#define GEN_PASS_DEF_ATTACHTENSORACCESSOR
#include "compiler/Passes/A_Metadata/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

namespace {

struct AttachTensorAccessorPass
    : tilewright::impl::AttachTensorAccessorBase<AttachTensorAccessorPass> {
  void runOnOperation() override {
    for (auto func : getOperation().getOps<tile::FuncOp>()) {
      if (failed(requireLayouts(func)))
        return signalPassFailure();
      for (BlockArgument arg : llvm::reverse(func.getBody().getArguments()))
        if (!arg.use_empty() && isa<MemRefType>(arg.getType()))
          attach(func, arg);
    }
  }

private:
  void attach(tile::FuncOp func, BlockArgument arg) {
    auto type = cast<MemRefType>(arg.getType());
    auto layout = cast<tt::LayoutAttr>(type.getMemorySpace());
    auto extent = [&](int64_t dim) {
      return dim < 0 ? 1 : type.getDimSize(dim);
    };
    int64_t outer = 1;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (!llvm::is_contained(layout.getPlane(), dim))
        outer = ShapedType::isDynamic(outer) || type.isDynamicDim(dim)
                    ? ShapedType::kDynamic
                    : outer * type.getDimSize(dim);
    auto tensor = tt::TensorType::get(
        &getContext(), func.getTensorName(arg.getArgNumber()), outer,
        extent(layout.getPlane()[0]), extent(layout.getPlane()[1]),
        type.getElementType(), layout);
    auto builder = OpBuilder::atBlockBegin(&func.getBody().front());
    tt::AccessorOp::create(builder, arg.getLoc(), tensor, arg);
  }
};

} // namespace
