//===- ConfigureTensorAccessor.cpp - Pass D2: accessors and arguments -----===//
//
// A kernel reaches a tensor through an accessor: the host appends a description
// of the tensor to the kernel's compile-time arguments and passes its address
// at run time. Kernels name tensors with `tt.tensor_ref` at their top, in the
// order of the program's tensors; each becomes the three calls that make the
// accessor.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Passes/D_SplitAndProtocol/Passes.h"
#include "mlir/IR/Builders.h"

namespace tilewright {
#define GEN_PASS_DEF_CONFIGURETENSORACCESSOR
#include "compiler/Passes/D_SplitAndProtocol/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

static Location named(Location loc, const Twine &name) {
  return NameLoc::get(StringAttr::get(loc.getContext(), name), loc);
}

/// Binds the tensors of one kernel: addresses first, then the descriptions with
/// the accessors.
static void bindTensors(metalium::KernelOp kernel) {
  SmallVector<tt::TensorRefOp> tensors(
      kernel.getBody().getOps<tt::TensorRefOp>());
  OpBuilder builder(kernel.getContext());
  builder.setInsertionPointToStart(kernel.getBodyBlock());
  SmallVector<Value> addresses;
  for (tt::TensorRefOp tensor : tensors) {
    StringRef name = tensor.getTensor().getType().getName();
    addresses.push_back(metalium::ArgOp::create(
        builder, named(tensor.getLoc(), name + "_addr"), builder.getIndexType(),
        (name + "_addr").str(), metalium::ArgKind::TensorAddress,
        builder.getStringAttr(name)));
  }
  Value previous;
  SmallVector<Value> descriptions;
  for (tt::TensorRefOp tensor : tensors) {
    StringRef name = tensor.getTensor().getType().getName();
    builder.setInsertionPoint(tensors.front());
    previous = metalium::TensorAccessorArgsOp::create(
        builder, named(tensor.getLoc(), name + "_args"),
        metalium::AccessorArgsType::get(builder.getContext()), name, previous);
    descriptions.push_back(previous);
  }
  for (auto [tensor, description, address] :
       llvm::zip(tensors, descriptions, addresses)) {
    builder.setInsertionPoint(tensor);
    int64_t pageBytes =
        tt::getTileBytes(tensor.getTensor().getType().getLayout().getFormat());
    auto accessor = metalium::TensorAccessorOp::create(
        builder, tensor.getLoc(),
        metalium::AccessorType::get(builder.getContext()), description, address,
        pageBytes);
    tensor.getTensor().replaceAllUsesWith(accessor.getAccessor());
    tensor.erase();
  }
}

namespace {

struct ConfigureTensorAccessorPass
    : tilewright::impl::ConfigureTensorAccessorBase<
          ConfigureTensorAccessorPass> {
  void runOnOperation() override {
    getOperation().walk([](metalium::KernelOp kernel) { bindTensors(kernel); });
  }
};

} // namespace
