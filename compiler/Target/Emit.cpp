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

using Files = std::vector<std::pair<std::string, std::string>>;

template <typename Fn>
static void addFile(Files &files, llvm::StringRef name, Fn emit) {
  std::string text;
  llvm::raw_string_ostream os(text);
  emit(os);
  files.emplace_back(name.str(), std::move(text));
}

static LogicalResult emitKernels(const ProgramView &view,
                                 metalium::ApiGeneration api, Files &files) {
  KernelEmitOptions kernelOptions;
  kernelOptions.api = api;
  for (const KernelView &kernel : view.kernels) {
    LogicalResult emitted = success();
    addFile(files, kernel.file, [&](llvm::raw_ostream &os) {
      metalium::ProgramOp program = view.op;
      emitted = program.getScalar()
                    ? emitScalarKernel(kernel.op, kernelOptions, os)
                    : emitKernel(kernel.op, kernelOptions, os);
    });
    if (failed(emitted))
      return failure();
  }
  return success();
}

LogicalResult emitProgram(ModuleOp module, const EmitOptions &options,
                          Files &files) {
  FailureOr<metalium::ProgramOp> program = findProgram(module);
  if (failed(program) || failed(checkKernels(*program)))
    return failure();
  FailureOr<ProgramView> view = viewProgram(*program, options.name);
  if (failed(view) || failed(emitKernels(*view, options.api, files)))
    return failure();
  addFile(files, "main.cpp", [&](auto &os) { emitHostProgram(*view, os); });
  addFile(files, "CMakeLists.txt",
          [&](auto &os) { emitHostCMake(view->name, os); });
  addFile(files, "tt.plan.json",
          [&](auto &os) { emitPlan(*view, options.api, files, os); });
  return success();
}

LogicalResult emitLaunches(ArrayRef<metalium::ProgramOp> programs,
                           ArrayRef<std::string> workspaces,
                           const EmitOptions &options, Files &files) {
  LaunchesView launches;
  launches.name = options.name;
  std::vector<SizeView> sizes = collectSizes(programs, workspaces);
  for (auto [index, program] : llvm::enumerate(programs)) {
    if (failed(checkKernels(program)))
      return failure();
    if (launches.name.empty())
      launches.name = metalium::ProgramOp(program).getSymName().str();
    std::string suffix = "_" + std::to_string(index);
    FailureOr<ProgramView> view =
        viewProgram(program, launches.name + suffix, &sizes);
    if (failed(view))
      return failure();
    for (KernelView &kernel : view->kernels)
      kernel.file = kernel.name + suffix + ".cpp";
    if (failed(emitKernels(*view, options.api, files)))
      return failure();
    launches.programs.push_back(std::move(*view));
  }
  joinTensors(launches, workspaces);
  if (failed(checkSharedMemory(launches)))
    return failure();
  addFile(files, "main.cpp", [&](auto &os) { emitHostProgram(launches, os); });
  addFile(files, "CMakeLists.txt",
          [&](auto &os) { emitHostCMake(launches.name, os); });
  addFile(files, "tt.plan.json",
          [&](auto &os) { emitPlan(launches, options.api, files, os); });
  return success();
}

} // namespace tilewright
