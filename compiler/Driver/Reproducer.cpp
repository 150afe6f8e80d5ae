//===- Reproducer.cpp - The smallest IR that breaks a pass ----------------===//

#include "compiler/Driver/Reproducer.h"

#include "compiler/Driver/PassRun.h"
#include "mlir/IR/Verifier.h"

#include <cstdint>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

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

/// Whether all of `text` went to `file`.
static bool writeAll(int file, llvm::StringRef text) {
  while (!text.empty()) {
    ssize_t written = ::write(file, text.data(), text.size());
    if (written <= 0)
      return false;
    text = text.drop_front(written);
  }
  return true;
}

std::string runInChild(
    llvm::function_ref<void(llvm::function_ref<void(llvm::StringRef)>)> work) {
  int ends[2];
  if (::pipe(ends) != 0)
    return {};
  pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    ::alarm(60);
    work([&](llvm::StringRef text) {
      uint64_t size = text.size();
      writeAll(ends[1], {reinterpret_cast<const char *>(&size), sizeof(size)});
      writeAll(ends[1], text);
    });
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string all;
  char buffer[1 << 16];
  for (ssize_t got;
       child > 0 && (got = ::read(ends[0], buffer, sizeof(buffer))) > 0;)
    all.append(buffer, got);
  ::close(ends[0]);
  if (child > 0)
    ::waitpid(child, nullptr, 0);
  std::string last;
  for (llvm::StringRef rest = all; rest.size() >= sizeof(uint64_t);) {
    uint64_t size;
    std::memcpy(&size, rest.data(), sizeof(size));
    rest = rest.drop_front(sizeof(size));
    if (rest.size() < size)
      break;
    last = rest.take_front(size).str();
    rest = rest.drop_front(size);
  }
  return last;
}

} // namespace tilewright
