//===- PassRun.cpp - Passes that may crash --------------------------------===//

#include "compiler/Driver/PassRun.h"

#include "mlir/Pass/PassInstrumentation.h"
#include "llvm/Support/CrashRecoveryContext.h"

#include <csignal>

using namespace mlir;

namespace tilewright {

namespace {
/// Crashes where `name` would run, for tests of what follows a crash. Programs
/// without a copy pass, so that a reduction has something to keep.
class Saboteur : public PassInstrumentation {
public:
  explicit Saboteur(std::string name) : name(std::move(name)) {}
  void runBeforePass(Pass *pass, Operation *op) override {
    if (pass->getArgument() != name)
      return;
    op->walk([](Operation *inner) {
      if (inner->getName().getStringRef() == "tile.copy")
        std::raise(SIGSEGV);
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
  llvm::CrashRecoveryContext recovery;
  run.crashed = !recovery.RunSafely(
      [&] { run.succeeded = succeeded(manager.run(module)); });
  llvm::CrashRecoveryContext::Disable();
  return run;
}

} // namespace tilewright
