//===- PassRun.cpp - Passes that may crash --------------------------------===//

#include "compiler/Driver/PassRun.h"

#include "mlir/Pass/PassInstrumentation.h"
#include "llvm/Support/CrashRecoveryContext.h"

#include <csignal>

using namespace mlir;

namespace tilewright {

namespace {
/// Crashes where `name` would run, or complains without a code for "name!", for
/// tests of what follows. Programs without a copy pass, so that a reduction has
/// something to keep.
class Saboteur : public PassInstrumentation {
public:
  explicit Saboteur(std::string name) : name(std::move(name)) {}
  void runBeforePass(Pass *pass, Operation *op) override {
    llvm::StringRef wanted = name;
    bool complains = wanted.consume_back("!");
    if (pass->getArgument() != wanted)
      return;
    op->walk([&](Operation *inner) {
      if (inner->getName().getStringRef() != "tile.copy")
        return;
      if (!complains)
        std::raise(SIGSEGV);
      inner->emitError() << "broken on purpose";
    });
  }

private:
  std::string name;
};
} // namespace

PassRun runPassManager(PassManager &manager, ModuleOp module,
                       const CompileOptions &options) {
  if (!options.failPass.empty())
    manager.addInstrumentation(std::make_unique<Saboteur>(options.failPass));
  llvm::CrashRecoveryContext::Enable();
  PassRun run;
  // A pass that reports an error has failed, whatever it says itself.
  bool complained = false;
  auto id = module.getContext()->getDiagEngine().registerHandler(
      [&](Diagnostic &diagnostic) {
        complained |= diagnostic.getSeverity() == DiagnosticSeverity::Error;
        return failure();
      });
  llvm::CrashRecoveryContext recovery;
  run.crashed = !recovery.RunSafely(
      [&] { run.succeeded = succeeded(manager.run(module)) && !complained; });
  if (!run.crashed)
    module.getContext()->getDiagEngine().eraseHandler(id);
  llvm::CrashRecoveryContext::Disable();
  return run;
}

} // namespace tilewright
