//===- TensorGrid.cpp - Extents of a tensor inside a kernel ---------------===//

#include "compiler/Passes/D_SplitAndProtocol/TensorGrid.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tilewright;

namespace {

/// The top of a kernel, where what depends on sizes alone is computed.
class KernelTop {
public:
  explicit KernelTop(Value accessor)
      : kernel(accessor.getDefiningOp()->getParentOfType<metalium::KernelOp>()),
        builder(kernel.getContext()), loc(kernel.getLoc()) {
    last = accessor.getDefiningOp();
    for (auto other : kernel.getBody().getOps<metalium::TensorAccessorOp>())
      last = other;
  }

  /// The argument that holds the size `name`.
  Value getSize(StringRef name) {
    for (auto arg : kernel.getBody().getOps<metalium::ArgOp>())
      if (arg.getKind() == metalium::ArgKind::Size && arg.getName() == name) {
        arg->moveBefore(kernel.getBodyBlock(), kernel.getBodyBlock()->begin());
        return arg;
      }
    OpBuilder start = OpBuilder::atBlockBegin(kernel.getBodyBlock());
    return metalium::ArgOp::create(start, named(name), start.getIndexType(),
                                   name, metalium::ArgKind::Size,
                                   /*tensor=*/StringAttr());
  }

  /// Tiles that `size` elements take.
  Value getTiles(Value size, StringRef name) {
    for (auto tiles : kernel.getBody().getOps<arith::DivUIOp>()) {
      auto sum = tiles.getLhs().getDefiningOp<arith::AddIOp>();
      if (sum && sum.getLhs() == size &&
          holds(sum.getRhs(), tt::kTileDim - 1) &&
          holds(tiles.getRhs(), tt::kTileDim))
        return tiles;
    }
    Value rest = constant(tt::kTileDim - 1), tile = constant(tt::kTileDim);
    Value sum = append(arith::AddIOp::create(next(), loc, size, rest));
    Location tiles = named((name + "_tiles").str());
    return append(arith::DivUIOp::create(next(), tiles, sum, tile));
  }

  Value multiply(Value a, Value b) {
    return append(arith::MulIOp::create(next(), named("planes"), a, b));
  }
  Value constant(int64_t number) {
    return append(arith::ConstantIndexOp::create(next(), loc, number));
  }

private:
  /// The builder, behind what stands at the top already: arguments move.
  OpBuilder &next() {
    builder.setInsertionPointAfter(last);
    return builder;
  }
  Value append(Operation *op) {
    last = op;
    return op->getResult(0);
  }
  Location named(StringRef name) const {
    return NameLoc::get(StringAttr::get(loc.getContext(), name), loc);
  }
  static bool holds(Value value, int64_t wanted) {
    APInt number;
    return matchPattern(value, m_ConstantInt(&number)) &&
           number.getSExtValue() == wanted;
  }

  metalium::KernelOp kernel;
  OpBuilder builder;
  Location loc;
  Operation *last; ///< behind which the next operation goes
};

} // namespace

TensorGrid tilewright::getTensorGrid(metalium::TensorOp tensor,
                                     Value accessor) {
  TensorGrid grid;
  grid.pageBytes = tensor.getPageBytes();
  ArrayRef<int64_t> shape = tensor.getTensorType().getShape();
  ArrayRef<int64_t> plane = tensor.getLayout().getPlane();
  KernelTop top(accessor);
  for (auto [index, extent] : llvm::enumerate(shape)) {
    auto dim = static_cast<int64_t>(index);
    bool isRow = dim == plane[0], isCol = dim == plane[1];
    Extent &elements = isRow ? grid.rows : isCol ? grid.cols : grid.planes;
    Extent &tiles = isRow ? grid.tileRows : grid.tileCols;
    if (!ShapedType::isDynamic(extent)) {
      if (elements.value) // a plane count that is not known
        elements.value = top.multiply(elements.value, top.constant(extent));
      elements.number *= extent;
      if (isRow || isCol)
        tiles.number = llvm::divideCeil(extent, tt::kTileDim);
      continue;
    }
    StringRef name = cast<StringAttr>((*tensor.getSizes())[index]).getValue();
    Value size = top.getSize(name);
    if (isRow || isCol)
      tiles.value = top.getTiles(size, name);
    if (elements.value)
      size = top.multiply(elements.value, size);
    else if (elements.number != 1)
      size = top.multiply(size, top.constant(elements.number));
    elements.value = size;
  }
  return grid;
}

Value tilewright::materialize(OpBuilder &builder, Location loc, Extent extent) {
  return extent.value
             ? extent.value
             : arith::ConstantIndexOp::create(builder, loc, extent.number);
}
