//===- VerifyStageD.cpp - The contract of stage D -------------------------===//

#include "compiler/Dialect/Metalium/Elements.h"
#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Passes/D_SplitAndProtocol/Passes.h"
#include "compiler/Support/Codes/StageD.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"

namespace tilewright {
#define GEN_PASS_DEF_VERIFYSTAGED
#include "compiler/Passes/D_SplitAndProtocol/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;
using metalium::KernelRole;

/// Only calls, loops, conditions and index arithmetic, and what moves elements.
static LogicalResult verifyForm(metalium::KernelOp kernel) {
  WalkResult result = kernel.walk([&](Operation *op) -> WalkResult {
    if (metalium::isOfElements(op))
      return success();
    if (!isa<metalium::MetaliumDialect, arith::ArithDialect, scf::SCFDialect>(
            op->getDialect()))
      return emitCoded(op, Code::UnsplitProgram)
             << "'" << op->getName() << "' is left in the kernel '"
             << kernel.getSymName() << "' after stage D";
    for (Type type : op->getResultTypes())
      if (isa<tt::TTDialect>(type.getDialect()))
        return emitCoded(op, Code::UnsplitProgram)
               << "a value of type " << type << " is left in the kernel '"
               << kernel.getSymName() << "' after stage D";
    return success();
  });
  return failure(result.wasInterrupted());
}

/// The end of a circular buffer that a call works on, if any.
static std::optional<KernelRole> getEnd(Operation *op,
                                        metalium::CircularBufferOp buffer) {
  if (isa<metalium::CBReserveBackOp, metalium::CBPushBackOp,
          metalium::GetWritePtrOp>(op))
    return buffer.getProducer();
  if (isa<metalium::CBWaitFrontOp, metalium::CBPopFrontOp,
          metalium::GetReadPtrOp>(op))
    return buffer.getConsumer();
  return std::nullopt;
}

/// Circular buffers are filled and emptied by the kernels that they name.
static LogicalResult verifyEnds(metalium::KernelOp kernel) {
  WalkResult result = kernel.walk([&](metalium::CBRefOp ref) -> WalkResult {
    metalium::CircularBufferOp buffer = ref.getCircularBuffer();
    for (Operation *user : ref.getCb().getUsers()) {
      std::optional<KernelRole> end = getEnd(user, buffer);
      if (end && *end != kernel.getRole())
        return emitCoded(user, Code::CircularBufferEnds)
               << "the " << metalium::stringifyKernelRole(kernel.getRole())
               << " calls '" << user->getName() << "' on "
               << buffer.getSymName() << ", but that end belongs to the "
               << metalium::stringifyKernelRole(*end);
    }
    return success();
  });
  return failure(result.wasInterrupted());
}

/// Accessors belong to tensors of the program.
static LogicalResult verifyAccessors(metalium::ProgramOp program,
                                     metalium::KernelOp kernel) {
  WalkResult result =
      kernel.walk([&](metalium::TensorAccessorArgsOp args) -> WalkResult {
        if (isa_and_nonnull<metalium::TensorOp>(
                SymbolTable::lookupSymbolIn(program, args.getTensorAttr())))
          return success();
        return emitCoded(args, Code::UnknownSymbol)
               << "the program has no tensor '" << args.getTensor() << "'";
      });
  return failure(result.wasInterrupted());
}

static LogicalResult verifyProgram(metalium::ProgramOp program) {
  for (KernelRole role :
       {KernelRole::Reader, KernelRole::Compute, KernelRole::Writer}) {
    auto kernels = llvm::make_filter_range(
        program.getBody().getOps<metalium::KernelOp>(),
        [&](metalium::KernelOp kernel) { return kernel.getRole() == role; });
    if (std::distance(kernels.begin(), kernels.end()) != 1)
      return emitCoded(program, Code::UnsplitProgram)
             << "program '" << program.getSymName() << "' has "
             << (kernels.begin() == kernels.end() ? "no " : "more than one ")
             << metalium::stringifyKernelRole(role);
  }
  for (auto kernel : program.getBody().getOps<metalium::KernelOp>())
    if (failed(verifyForm(kernel)) || failed(verifyEnds(kernel)) ||
        failed(verifyAccessors(program, kernel)))
      return failure();
  return success();
}

namespace {

struct VerifyStageDPass : tilewright::impl::VerifyStageDBase<VerifyStageDPass> {
  void runOnOperation() override {
    for (Operation &op : *getOperation().getBody()) {
      // What other dialects put into the module is not ours to judge.
      StringRef dialect = op.getName().getDialectNamespace();
      if (dialect != "tile" && dialect != "tt" && dialect != "metalium")
        continue;
      auto program = dyn_cast<metalium::ProgramOp>(op);
      if (!program) {
        emitCoded(&op, Code::UnsplitProgram)
            << "'" << op.getName()
            << "' is left after stage D; tt-split-device-kernel should have "
               "split it";
        return signalPassFailure();
      }
      if (failed(verifyProgram(program)))
        return signalPassFailure();
    }
  }
};

} // namespace
