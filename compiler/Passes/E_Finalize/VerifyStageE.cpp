//===- VerifyStageE.cpp - The contract of stage E -------------------------===//

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Passes/E_Finalize/Passes.h"
#include "compiler/Support/Codes/StageD.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace tilewright {
#define GEN_PASS_DEF_VERIFYSTAGEE
#include "compiler/Passes/E_Finalize/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

static bool hasTensor(metalium::ProgramOp program, StringAttr name) {
  return name && isa_and_nonnull<metalium::TensorOp>(
                     SymbolTable::lookupSymbolIn(program, name));
}

/// Every argument that is read stands in the list, every argument of the list
/// is read, and addresses are those of tensors.
static LogicalResult verifyRuntimeArgs(metalium::ProgramOp program,
                                       metalium::KernelOp kernel) {
  llvm::SmallDenseSet<unsigned> read;
  WalkResult result = kernel.walk([&](metalium::ArgOp arg) -> WalkResult {
    std::optional<unsigned> position =
        kernel.getArgs()->position(arg.getName());
    if (!position)
      return emitCoded(arg, Code::ArgumentMismatch)
             << "the kernel '" << kernel.getSymName() << "' reads '"
             << arg.getName() << "', which its arguments do not have";
    metalium::ArgAttr entry = kernel.getArgs()->getArgs()[*position];
    if (entry.getKind() != arg.getKind() ||
        entry.getTensor() != arg.getTensorAttr())
      return emitCoded(arg, Code::ArgumentMismatch)
             << "'" << arg.getName() << "' is read as another kind of argument "
             << "than the list of '" << kernel.getSymName() << "' says";
    read.insert(*position);
    return success();
  });
  if (result.wasInterrupted())
    return failure();
  kernel.walk([&](metalium::WorkItemOp) {
    if (auto position = kernel.getArgs()->position(metalium::kItemsArg))
      read.insert(*position);
  });
  for (auto [index, entry] : llvm::enumerate(kernel.getArgs()->getArgs())) {
    if (!read.contains(index))
      return emitCoded(kernel, Code::ArgumentMismatch)
             << "the kernel '" << kernel.getSymName() << "' does not read its "
             << "argument '" << entry.getName() << "'";
    if (entry.getKind() == metalium::ArgKind::TensorAddress &&
        !hasTensor(program, entry.getTensor()))
      return emitCoded(kernel, Code::ArgumentMismatch)
             << "the argument '" << entry.getName()
             << "' is the address of no tensor of the program";
  }
  return success();
}

/// Common arguments are sizes, and every one is read.
static LogicalResult verifyCommonArgs(metalium::KernelOp kernel) {
  llvm::SmallDenseSet<int64_t> read;
  WalkResult result = kernel.walk([&](metalium::CommonArgOp arg) -> WalkResult {
    read.insert(arg.getPosition());
    if (arg.getSizeName())
      return success();
    return emitCoded(arg, Code::ArgumentMismatch)
           << "the kernel '" << kernel.getSymName()
           << "' reads the common argument " << arg.getPosition()
           << ", which its arguments do not have";
  });
  if (result.wasInterrupted())
    return failure();
  size_t given =
      kernel.getCommonArgs() ? kernel.getCommonArgs()->getArgs().size() : 0;
  if (read.size() == given)
    return success();
  return emitCoded(kernel, Code::ArgumentMismatch)
         << "the kernel '" << kernel.getSymName() << "' has " << given
         << " common arguments and reads " << read.size();
}

/// The compile-time arguments are the accessors, in the order in which the
/// kernel takes them.
static LogicalResult verifyCompileTimeArgs(metalium::ProgramOp program,
                                           metalium::KernelOp kernel) {
  SmallVector<metalium::TensorAccessorArgsOp> accessors(
      kernel.getBody().getOps<metalium::TensorAccessorArgsOp>());
  ArrayRef<metalium::ArgAttr> entries = kernel.getCtArgs()->getArgs();
  Value previous;
  for (metalium::ArgAttr entry : entries) {
    auto *accessor = llvm::find_if(
        accessors, [&](auto op) { return op.getPrevious() == previous; });
    if (entry.getKind() != metalium::ArgKind::Accessor ||
        !hasTensor(program, entry.getTensor()) || accessor == accessors.end() ||
        accessor->getTensorAttr() != entry.getTensor())
      return emitCoded(kernel, Code::ArgumentMismatch)
             << "the compile-time argument '" << entry.getName() << "' of '"
             << kernel.getSymName()
             << "' is not the accessor that the kernel takes there";
    previous = accessor->getArgs();
  }
  if (accessors.size() == entries.size())
    return success();
  return emitCoded(kernel, Code::ArgumentMismatch)
         << "the kernel '" << kernel.getSymName() << "' takes "
         << accessors.size() << " accessors, its compile-time arguments have "
         << entries.size();
}

static LogicalResult verifyKernel(metalium::ProgramOp program,
                                  metalium::KernelOp kernel) {
  if (!kernel.getArgs() || !kernel.getCtArgs())
    return emitCoded(kernel, Code::ArgumentMismatch)
           << "the kernel '" << kernel.getSymName()
           << "' has no argument lists; tt-finalize-signature should have set "
              "them";
  if (failed(verifyRuntimeArgs(program, kernel)) ||
      failed(verifyCommonArgs(kernel)))
    return failure();
  return verifyCompileTimeArgs(program, kernel);
}

namespace {

struct VerifyStageEPass : tilewright::impl::VerifyStageEBase<VerifyStageEPass> {
  void runOnOperation() override {
    WalkResult result =
        getOperation().walk([](metalium::KernelOp kernel) -> WalkResult {
          return verifyKernel(kernel->getParentOfType<metalium::ProgramOp>(),
                              kernel);
        });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
