//===- VerifyStageA.cpp - The contract of stage A -------------------------===//

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/A_Metadata/Layouts.h"
#include "compiler/Passes/A_Metadata/Passes.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Support/Codes/StageA.h"

namespace tilewright {
#define GEN_PASS_DEF_VERIFYSTAGEA
#include "compiler/Passes/A_Metadata/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

namespace {

/// The layout of a memref, or a diagnostic that names the pass to look at.
struct VerifyStageAPass : tilewright::impl::VerifyStageABase<VerifyStageAPass> {
  void runOnOperation() override {
    for (auto func : getOperation().getOps<tile::FuncOp>())
      if (failed(verifyFunc(func)))
        return signalPassFailure();
  }

private:
  LogicalResult verifyFunc(tile::FuncOp func) {
    for (BlockArgument arg : func.getBody().getArguments()) {
      if (!isa<MemRefType>(arg.getType()))
        continue;
      if (failed(requireLayout(arg, arg.getLoc())))
        return failure();
      bool accessed = llvm::any_of(arg.getUsers(), [](Operation *user) {
        return isa<tt::AccessorOp>(user);
      });
      if (!arg.use_empty() && !accessed)
        return emitCoded(arg.getLoc(), Code::MissingAccessor)
               << "tensor " << getBufferName(arg)
               << " has no accessor after stage A; tt-attach-tensor-accessor "
                  "should have made it";
    }
    WalkResult result = func.walk([&](Operation *op) -> WalkResult {
      if (auto alloc = dyn_cast<tile::AllocOp>(op))
        return verifyAlloc(alloc);
      if (auto copy = dyn_cast<tile::CopyOp>(op))
        return verifyCopy(copy);
      return WalkResult::advance();
    });
    return failure(result.wasInterrupted());
  }

  LogicalResult verifyAlloc(tile::AllocOp alloc) {
    auto layout = requireLayout(alloc.getBuffer(), alloc.getLoc());
    if (failed(layout))
      return failure();
    if (!layout->getCb())
      return emitCoded(alloc, Code::MissingGeometry)
             << alloc.getName()
             << " has no circular buffer geometry after stage A; "
                "tt-propagate-layout should have set it";
    return success();
  }

  LogicalResult verifyCopy(tile::CopyOp copy) {
    auto source = requireLayout(copy.getSource(), copy.getLoc());
    auto target = requireLayout(copy.getTarget(), copy.getLoc());
    if (failed(source) || failed(target))
      return failure();
    bool fromTensor = tt::isTensor(copy.getSource());
    bool crosses = fromTensor != tt::isTensor(copy.getTarget());
    bool bothDram = fromTensor && !crosses;
    if (bothDram || (crosses && source->getFormat() != target->getFormat()))
      return emitCoded(copy, Code::MissingGeometry)
             << "the copy has no buffer of the tensor's format after stage A; "
                "tt-propagate-layout should have made it";
    return success();
  }
};

} // namespace
