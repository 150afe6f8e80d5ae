//===- Reproducer.cpp - The smallest IR that breaks a pass ----------------===//

#include "compiler/Driver/Reproducer.h"

#include "compiler/Driver/PassRun.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;

namespace tilewright {

PassEnd tryPass(ModuleOp module, llvm::StringRef name,
                const CompileOptions &options) {
  bool diagnosed = false;
  ScopedDiagnosticHandler quiet(module.getContext(), [&](Diagnostic &diag) {
    diagnosed |= diag.getSeverity() == DiagnosticSeverity::Error &&
                 llvm::StringRef(diag.str()).starts_with("[TW");
    return success();
  });
  OwningOpRef<ModuleOp> copy = module.clone();
  PassManager manager(module.getContext(), ModuleOp::getOperationName());
  buildPipeline(manager, options,
                [&](llvm::StringRef pass) { return pass == name; });
  PassRun run = runPassManager(manager, *copy, options);
  if (run.crashed)
    (void)copy.release(); // what a crash left cannot be walked
  if (run.succeeded)
    return PassEnd::Good;
  return diagnosed && !run.crashed ? PassEnd::Diagnosed : PassEnd::Broken;
}

void reduceForPass(ModuleOp module, llvm::StringRef name,
                   const CompileOptions &options, unsigned trials) {
  bool isSmaller = true;
  while (isSmaller && trials > 0) {
    isSmaller = false;
    SmallVector<Operation *> ops;
    module.walk([&](Operation *op) {
      if (op != module.getOperation())
        ops.push_back(op);
    });
    // Inner operations stand before the one around them in this order, so the
    // last is the outermost and latest.
    for (size_t at = ops.size(); at-- > 0 && trials > 0;) {
      // The same operation in a copy, by its number.
      OwningOpRef<ModuleOp> copy = module.clone();
      SmallVector<Operation *> copied;
      copy->walk([&](Operation *op) {
        if (op != copy->getOperation())
          copied.push_back(op);
      });
      Operation *op = copied[at];
      if (op->hasTrait<OpTrait::IsTerminator>() || !op->use_empty())
        continue;
      op->erase();
      --trials;
      ScopedDiagnosticHandler quiet(module.getContext(),
                                    [](Diagnostic &) { return success(); });
      if (failed(verify(*copy)) ||
          tryPass(*copy, name, options) != PassEnd::Broken)
        continue;
      module.getBodyRegion().takeBody(copy->getBodyRegion());
      isSmaller = true;
      break;
    }
  }
}

} // namespace tilewright
