//===- KernelEmitter.h - Kernels as TT-Metalium C++ text --------*- C++ -*-===//
//
// The text of one device kernel, as an expert would have written it. Every
// TT-Metalium call comes from its registry record.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_TARGET_KERNEL_KERNELEMITTER_H
#define TILEWRIGHT_COMPILER_TARGET_KERNEL_KERNELEMITTER_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "llvm/Support/raw_ostream.h"

namespace tilewright {

struct KernelEmitOptions {
  /// The generation whose spelling and headers are used.
  metalium::ApiGeneration api = metalium::kNewestApi;
  /// A comment with the source line where its work begins. The source file is
  /// read if it is there.
  bool sourceComments = true;
};

/// Writes the text of `kernel` to `os`. Fails with a coded diagnostic, and
/// writes nothing, for an empty body, an op that is no call, an argument that
/// is not in the kernel's list, and a call that the generation does not have.
mlir::LogicalResult emitKernel(metalium::KernelOp kernel,
                               const KernelEmitOptions &options,
                               llvm::raw_ostream &os);

/// Makes `--emit-kernel` known to translation tools: all kernels of the
/// programs of a module, as files for LLVM's split-file.
void registerKernelTranslation();

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_KERNEL_KERNELEMITTER_H
