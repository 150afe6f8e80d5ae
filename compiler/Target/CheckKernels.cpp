//===- CheckKernels.cpp - Nothing incomplete is emitted -------------------===//
//
// The last line before text: whatever IR arrives, complete kernels are emitted
// or an error is.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Metalium/Elements.h"
#include "compiler/Dialect/Metalium/Roles.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Target/ProgramView.h"

using namespace mlir;

namespace tilewright {

/// The pass that removes `op` from kernels.
static llvm::StringRef responsiblePass(Operation *op) {
  llvm::StringRef name = op->getName().getStringRef();
  if (name == "tt.tensor_ref")
    return "tt-configure-tensor-accessor";
  if (name == "tt.read_to_cb" || name == "tt.write_from_cb")
    return "tt-lower-cb-intrinsics";
  if (op->getName().getDialectNamespace() == "tt")
    return "tt-insert-dst-management";
  if (op->getName().getDialectNamespace() == "tile")
    return "tt-lower-tile-intrinsics";
  return "tt-split-device-kernel";
}

static LogicalResult checkLowered(metalium::KernelOp kernel,
                                  llvm::StringRef role) {
  WalkResult walked = kernel.getBody().walk([&](Operation *op) {
    llvm::StringRef dialect = op->getName().getDialectNamespace();
    if (isa<metalium::MetaliumCallOpInterface, metalium::CommonValueOp>(op) ||
        dialect == "arith" || dialect == "scf" || metalium::isOfElements(op))
      return WalkResult::advance();
    emitCoded(op, Code::UnknownKernelOp)
        << "found unlowered operation '" << op->getName() << "' in the " << role
        << " kernel; look at " << responsiblePass(op);
    return WalkResult::interrupt();
  });
  return failure(walked.wasInterrupted());
}

/// Whether a call does what kernels of that role are for.
static bool doesRolesWork(const metalium::CallRecord &record,
                          metalium::KernelRole role) {
  switch (role) {
  case metalium::KernelRole::Reader: // reads, or makes blocks itself
    return (record.category == "noc" && record.opName.contains("read")) ||
           record.opName == "metalium.l1_store_u32";
  case metalium::KernelRole::Compute:
    return record.category == "compute";
  case metalium::KernelRole::Writer:
    return record.category == "noc" && record.opName.contains("write");
  }
  llvm_unreachable("every role is handled");
}

static LogicalResult checkWork(metalium::KernelOp kernel,
                               llvm::StringRef role) {
  bool works = false, usesBuffers = false;
  if (kernel.getRole() != metalium::KernelRole::Compute)
    kernel.getBody().walk([&](metalium::ByElementOp) { works = true; });
  kernel.getBody().walk([&](metalium::MetaliumCallOpInterface call) {
    const metalium::CallRecord &record = call.getCallRecord();
    works |= doesRolesWork(record, kernel.getRole());
    usesBuffers |= record.category == "cb";
  });
  if (works && usesBuffers)
    return success();
  const char *missing = !usesBuffers ? "circular buffer operations"
                        : kernel.getRole() == metalium::KernelRole::Reader
                            ? "NoC read operations"
                        : kernel.getRole() == metalium::KernelRole::Writer
                            ? "NoC write operations"
                            : "compute operations";
  return emitCoded(kernel, Code::IncompleteKernel)
         << "the " << role << " kernel has no " << missing
         << "; check that passes C1-C2 and D1-D5 have run";
}

LogicalResult checkKernels(metalium::ProgramOp program) {
  if (program.getScalar()) // its emitter checks every operation
    return success();
  for (auto role : {metalium::KernelRole::Reader, metalium::KernelRole::Compute,
                    metalium::KernelRole::Writer}) {
    llvm::StringRef name = metalium::stringifyKernelRole(role);
    metalium::KernelOp kernel = program.getKernel(role);
    if (!kernel)
      return emitCoded(program, Code::IncompleteKernel)
             << "no " << name
             << " kernel in the program; look at tt-split-device-kernel";
    if (role == metalium::KernelRole::Reader && metalium::isReaderIdle(program))
      continue;
    if (kernel.getBodyBlock()->empty())
      return emitCoded(kernel, Code::EmptyKernel)
             << "the " << name
             << " kernel has an empty body; check that passes C1-C2 and D1-D5 "
                "have run";
    if (failed(checkLowered(kernel, name)) || failed(checkWork(kernel, name)))
      return failure();
  }
  return success();
}

} // namespace tilewright
