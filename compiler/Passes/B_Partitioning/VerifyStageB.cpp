//===- VerifyStageB.cpp - The contract of stage B -------------------------===//
//
// No launch is left; each program has one core program whose work covers every
// item exactly once (the verifier of #tt.work proves it).
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/B_Partitioning/Passes.h"
#include "compiler/Support/Codes/StageB.h"

namespace tilewright {
#define GEN_PASS_DEF_VERIFYSTAGEB
#include "compiler/Passes/B_Partitioning/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

namespace {

struct VerifyStageBPass : tilewright::impl::VerifyStageBBase<VerifyStageBPass> {
  void runOnOperation() override {
    for (auto func : getOperation().getOps<tile::FuncOp>())
      if (failed(verifyFunc(func)))
        return signalPassFailure();
  }

private:
  LogicalResult verifyFunc(tile::FuncOp func) {
    unsigned programs = 0;
    WalkResult result = func.walk([&](Operation *op) -> WalkResult {
      if (isa<tile::LaunchOp, tt::LaunchOp>(op))
        return emitCoded(op, Code::LaunchLeft)
               << "a launch is left after stage B; tt-partition-work and "
                  "tt-grid-to-core-grid should have lowered it";
      programs += isa<tt::CoreProgramOp>(op);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return failure();
    if (programs != 1)
      return emitCoded(func, Code::LaunchLeft)
             << "program " << func.getSymName() << " has " << programs
             << " core programs after stage B, expected one";
    return success();
  }
};

} // namespace
