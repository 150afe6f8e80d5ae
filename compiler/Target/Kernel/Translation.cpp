//===- Translation.cpp - Kernels from the command line --------------------===//

#include "compiler/Target/Kernel/KernelEmitter.h"

#include "compiler/Support/Codes/Emit.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"

using namespace mlir;
using namespace tilewright;

static LogicalResult emitKernels(Operation *root, StringRef apiName,
                                 bool comments, llvm::raw_ostream &os) {
  std::optional<metalium::ApiGeneration> api =
      metalium::parseApiGeneration(apiName);
  if (!api)
    return emitCoded(root, Code::UnknownApiGeneration)
           << "'" << apiName
           << "' is no TT-Metalium API generation; there are 2026-03 and "
              "2026-08";
  KernelEmitOptions options;
  options.api = *api;
  options.sourceComments = comments;
  WalkResult result = root->walk([&](metalium::KernelOp kernel) {
    // The separator of LLVM's split-file.
    os << "//--- " << kernel.getSymName() << ".cpp\n";
    return WalkResult(emitKernel(kernel, options, os));
  });
  return success(!result.wasInterrupted());
}

void tilewright::registerKernelTranslation() {
  static llvm::cl::opt<std::string> api(
      "metalium-api", llvm::cl::desc("TT-Metalium API generation of the text"),
      llvm::cl::init("2026-08"));
  static llvm::cl::opt<bool> comments(
      "source-comments", llvm::cl::desc("Say which source line work is from"),
      llvm::cl::init(true));
  static TranslateFromMLIRRegistration registration(
      "emit-kernel", "emit the text of every kernel",
      [](Operation *root, llvm::raw_ostream &os) {
        return emitKernels(root, api, comments, os);
      },
      [](DialectRegistry &registry) {
        registry.insert<arith::ArithDialect, math::MathDialect,
                        memref::MemRefDialect, scf::SCFDialect,
                        metalium::MetaliumDialect, tt::TTDialect>();
      });
}
