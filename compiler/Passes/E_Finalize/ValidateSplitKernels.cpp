//===- ValidateSplitKernels.cpp - Proof of the protocol rules -------------===//
//
// Checks what a kernel alone cannot show: that the three kernels of a program
// agree. The rules stand in families, one file each:
//
//   1. roles and arguments                    this file
//   2. circular buffers, the L1 map, balance  ValidateSplitKernelsBuffers.cpp
//   3. order of the protocol, deadlock        ValidateSplitKernelsProtocol.cpp
//   4. barriers                               ValidateSplitKernelsBarriers.cpp
//   5. DST and the engine's state             ValidateSplitKernelsCompute.cpp
//   6. scalar programs                        ValidateSplitKernelsScalar.cpp
//
// Later families presume earlier ones, so a family is checked only if those
// before it hold.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/E_Finalize/ValidateSplitKernels.h"

#include "compiler/Dialect/Metalium/Roles.h"
#include "compiler/Passes/E_Finalize/Passes.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageD.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tilewright;
using namespace tilewright::metalium;

namespace tilewright {
#define GEN_PASS_DEF_VALIDATESPLITKERNELS
#include "compiler/Passes/E_Finalize/Passes.h.inc"
} // namespace tilewright

/// Whether `kernel` has a call that `test` accepts.
static bool hasCall(KernelOp kernel,
                    llvm::function_ref<bool(Operation *)> test) {
  return kernel
      .walk([&](Operation *op) {
        return test(op) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

/// What a kernel of this role must do.
static bool doesItsWork(KernelRole role, Operation *op) {
  if (role != KernelRole::Compute && isa<ByElementOp>(op))
    return true;
  auto call = dyn_cast<MetaliumCallOpInterface>(op);
  if (!call)
    return false;
  StringRef name = op->getName().stripDialect();
  switch (role) {
  case KernelRole::Reader: // reads, or makes blocks itself
    return (name.starts_with("noc_async_read") && !name.ends_with("barrier")) ||
           isa<L1StoreU32Op>(op);
  case KernelRole::Compute:
    return call.getCallRecord().category == "compute" &&
           call.getCallRecord().threads != "pack";
  case KernelRole::Writer:
    return name.starts_with("noc_async_write") && !name.ends_with("barrier") &&
           !name.ends_with("flushed");
  }
  llvm_unreachable("every role has its work");
}

LogicalResult tilewright::validateRoles(ProgramOp program) {
  struct Rule {
    KernelRole role;
    DiagnosticCode code;
    StringRef kind;
    StringRef missing;
  };
  static constexpr Rule rules[] = {
      {KernelRole::Reader, Code::ReaderReadsNothing, "Reader",
       "NOC read operations"},
      {KernelRole::Compute, Code::ComputeComputesNothing, "Compute",
       "compute operations"},
      {KernelRole::Writer, Code::WriterWritesNothing, "Writer",
       "NOC write operations"}};
  LogicalResult result = success();
  for (const Rule &rule : rules) {
    KernelOp kernel = program.getKernel(rule.role);
    if (!kernel) {
      result = emitCoded(program, Code::MissingKernel)
               << "No " << stringifyKernelRole(rule.role)
               << " kernel found in program '" << program.getSymName()
               << "'; tt-split-device-kernel makes the three";
      continue;
    }
    if (rule.role == KernelRole::Reader && isReaderIdle(program))
      continue;
    if (kernel.getBodyBlock()->empty()) {
      result = emitCoded(kernel, Code::KernelWithoutBody)
               << rule.kind << " kernel '" << kernel.getSymName()
               << "' has no body";
      continue;
    }
    if (llvm::all_of(*kernel.getBodyBlock(), [](Operation &op) {
          return isa<ArgOp>(op) || (op.getNumRegions() == 0 && isPure(&op));
        })) {
      result = emitCoded(kernel, Code::KernelWithoutBody)
               << rule.kind << " kernel '" << kernel.getSymName()
               << "' has empty body: it computes numbers and calls nothing";
      continue;
    }
    if (!hasCall(kernel,
                 [&](Operation *op) { return doesItsWork(rule.role, op); }))
      result = emitCoded(kernel, rule.code)
               << rule.kind << " kernel '" << kernel.getSymName() << "' has no "
               << rule.missing;
  }
  return result;
}

LogicalResult tilewright::validateArguments(ProgramOp program) {
  LogicalResult result = success();
  auto isTensor = [&](StringAttr name) {
    return name && isa_and_nonnull<TensorOp>(
                       SymbolTable::lookupSymbolIn(program, name));
  };
  program.walk([&](ArgOp arg) {
    auto kernel = arg->getParentOfType<KernelOp>();
    if (!kernel.getArgs() || !kernel.getArgs()->position(arg.getName()))
      result = emitCoded(arg, Code::ArgumentUnknown)
               << "kernel '" << kernel.getSymName() << "' reads argument '"
               << arg.getName()
               << "', which the host does not pass; tt-finalize-signature "
                  "lists the arguments";
    else if (arg.getKind() == ArgKind::TensorAddress &&
             !isTensor(arg.getTensorAttr()))
      result = emitCoded(arg, Code::ArgumentUnknown)
               << "argument '" << arg.getName()
               << "' is the address of no tensor of the program";
  });
  program.walk([&](TensorAccessorArgsOp args) {
    auto kernel = args->getParentOfType<KernelOp>();
    if (!kernel.getCtArgs() ||
        llvm::none_of(kernel.getCtArgs()->getArgs(), [&](ArgAttr entry) {
          return entry.getTensor() == args.getTensorAttr();
        }))
      result = emitCoded(args, Code::ArgumentUnknown)
               << "kernel '" << kernel.getSymName()
               << "' takes the accessor of '" << args.getTensor()
               << "', which the host does not append";
  });
  return result;
}

namespace {
struct ValidateSplitKernels
    : tilewright::impl::ValidateSplitKernelsBase<ValidateSplitKernels> {
  void runOnOperation() override {
    for (auto program : getOperation().getOps<ProgramOp>())
      if (failed(validate(program)))
        signalPassFailure();
    markAllAnalysesPreserved();
  }

  /// Every loop ends.
  static LogicalResult validateLoops(ProgramOp program) {
    WalkResult result = program.walk([](scf::ForOp loop) -> WalkResult {
      APInt step;
      if (!matchPattern(loop.getStep(), m_ConstantInt(&step)) ||
          step.isStrictlyPositive())
        return success();
      return emitCoded(loop, Code::MalformedIR)
             << "a loop with a step of " << step.getSExtValue()
             << " never ends";
    });
    return failure(result.wasInterrupted());
  }

  LogicalResult validate(ProgramOp program) {
    if (failed(validateLoops(program)))
      return failure();
    if (program.getScalar())
      return validateScalar(program);
    if (failed(validateRoles(program)) || failed(validateArguments(program)) ||
        failed(validateBuffers(program)) || failed(validateBalance(program)))
      return failure();
    LogicalResult result = validateProtocol(program);
    for (auto kernel : program.getBody().getOps<KernelOp>()) {
      if (kernel.getRole() == KernelRole::Compute) {
        if (failed(validateDst(kernel)))
          result = failure();
        if (failed(validateEngine(kernel)))
          result = failure();
      } else if (failed(validateBarriers(kernel))) {
        result = failure();
      }
    }
    return result;
  }
};
} // namespace
