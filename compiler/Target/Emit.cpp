//===- Emit.cpp - The six files of a device program -----------------------===//

#include "compiler/Target/Emit.h"

#include "compiler/Support/Codes/Emit.h"
#include "compiler/Target/Host/HostEmitter.h"
#include "compiler/Target/Kernel/KernelEmitter.h"
#include "compiler/Target/Kernel/ScalarEmitter.h"
#include "compiler/Target/Plan/PlanEmitter.h"
#include "compiler/Target/ProgramView.h"

using namespace mlir;

namespace tilewright {

FailureOr<metalium::ProgramOp> findProgram(ModuleOp module) {
  metalium::ProgramOp found;
  for (auto program : module.getOps<metalium::ProgramOp>()) {
    if (found)
      return emitCoded(program, Code::SeveralPrograms)
             << "the module has a second program '" << program.getSymName()
             << "' beside '" << found.getSymName() << "'";
    found = program;
  }
  if (!found)
    return emitCoded(module, Code::NoProgram)
           << "there is no device program to emit; look at "
              "tt-split-device-kernel";
  return found;
}

LogicalResult
emitProgram(ModuleOp module, const EmitOptions &options,
            std::vector<std::pair<std::string, std::string>> &files) {
  FailureOr<metalium::ProgramOp> program = findProgram(module);
  if (failed(program) || failed(checkKernels(*program)))
    return failure();
  FailureOr<ProgramView> view = viewProgram(*program, options.name);
  if (failed(view))
    return failure();

  auto add = [&](llvm::StringRef name, auto emit) {
    std::string text;
    llvm::raw_string_ostream os(text);
    emit(os);
    files.emplace_back(name.str(), std::move(text));
  };
  KernelEmitOptions kernelOptions;
  kernelOptions.api = options.api;
  for (const KernelView &kernel : view->kernels) {
    LogicalResult emitted = success();
    add(kernel.file, [&](llvm::raw_ostream &os) {
      emitted = view->op.getScalar()
                    ? emitScalarKernel(kernel.op, kernelOptions, os)
                    : emitKernel(kernel.op, kernelOptions, os);
    });
    if (failed(emitted))
      return failure();
  }
  add("main.cpp", [&](auto &os) { emitHostProgram(*view, os); });
  add("CMakeLists.txt", [&](auto &os) { emitHostCMake(*view, os); });
  add("tt.plan.json",
      [&](auto &os) { emitPlan(*view, options.api, files, os); });
  return success();
}

} // namespace tilewright
