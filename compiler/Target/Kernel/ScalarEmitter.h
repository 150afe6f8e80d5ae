//===- ScalarEmitter.h - The kernel of a scalar program ---------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALAREMITTER_H
#define TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALAREMITTER_H

#include "compiler/Target/Kernel/KernelEmitter.h"

namespace tilewright {

/// Prints the kernel of a `scalar` program. Beside the calls of the registry
/// it knows loads and stores of memrefs, and arith, math and scf on scalars of
/// every type. Values of 8 and 16-bit float types are `float` variables that
/// are rounded when they are made and converted where they are stored.
mlir::LogicalResult emitScalarKernel(metalium::KernelOp kernel,
                                     const KernelEmitOptions &options,
                                     llvm::raw_ostream &os);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALAREMITTER_H
