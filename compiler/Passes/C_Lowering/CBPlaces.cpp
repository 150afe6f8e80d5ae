//===- CBPlaces.cpp - Circular buffers stand at the start -----------------===//

#include "compiler/Passes/C_Lowering/CBPlaces.h"

#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Support/Codes/Emit.h"

using namespace mlir;

namespace tilewright {

LogicalResult checkPlaces(Operation *root) {
  WalkResult misplaced = root->walk([](Operation *op) -> WalkResult {
    auto alloc = dyn_cast<tt::AllocCBOp>(op);
    auto accessor = dyn_cast<tt::AccessorOp>(op);
    if (alloc && !isa<tt::CoreProgramOp>(op->getParentOp()))
      return emitCoded(op, Code::MalformedIR)
             << "the circular buffer '" << alloc.getName()
             << "' does not stand at the start of its core program";
    if (accessor && !isa<tile::FuncOp>(op->getParentOp()))
      return emitCoded(op, Code::MalformedIR)
             << "the accessor of " << accessor.getTensor().getType().getName()
             << " does not stand at the start of its program";
    return success();
  });
  return failure(misplaced.wasInterrupted());
}

} // namespace tilewright
