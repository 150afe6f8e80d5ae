//===- Translation.cpp - Emitters for the command line --------------------===//
//
// Each translation emits the whole program, with all its checks, and prints the
// file that was asked for: --emit-plan shows the checksums that a compilation
// gives.
//
//===----------------------------------------------------------------------===//

#include "compiler/Target/Translation.h"

#include "compiler/Support/Codes/Emit.h"
#include "compiler/Target/Emit.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"

using namespace mlir;

namespace tilewright {

/// The generation that --metalium-api of the kernel translation names.
static metalium::ApiGeneration generationFromCommandLine() {
  auto &options = llvm::cl::getRegisteredOptions();
  auto found = options.find("metalium-api");
  if (found == options.end())
    return metalium::kNewestApi;
  auto *api = static_cast<llvm::cl::opt<std::string> *>(found->second);
  return metalium::parseApiGeneration(api->getValue())
      .value_or(metalium::kNewestApi);
}

/// Whether the programs of a module are launches that share tensors, and the
/// tensors that no file holds.
static llvm::cl::opt<bool> &launchesOption() {
  static llvm::cl::opt<bool> option(
      "launches", llvm::cl::desc("Emit the programs of the module as launches "
                                 "of one function, in order"));
  return option;
}
static llvm::cl::list<std::string> &workspacesOption() {
  static llvm::cl::list<std::string> option(
      "workspaces", llvm::cl::CommaSeparated,
      llvm::cl::desc("Tensors of --launches that no file holds"));
  return option;
}

static LogicalResult
emitFiles(ModuleOp module,
          std::vector<std::pair<std::string, std::string>> &files) {
  EmitOptions options{generationFromCommandLine()};
  if (!launchesOption())
    return emitProgram(module, options, files);
  auto programs = llvm::to_vector(module.getOps<metalium::ProgramOp>());
  if (programs.empty())
    return emitCoded(module, Code::NoProgram) << "the module has no program";
  std::vector<std::string> workspaces(workspacesOption().begin(),
                                      workspacesOption().end());
  return emitLaunches(programs, workspaces, options, files);
}

/// Prints the file of that name, or all files with a line before each for "".
static LogicalResult emitFile(Operation *root, llvm::StringRef wanted,
                              llvm::raw_ostream &os) {
  auto module = dyn_cast<ModuleOp>(root);
  if (!module)
    return emitCoded(root, Code::NoProgram) << "the input is not a module";
  std::vector<std::pair<std::string, std::string>> files;
  if (failed(emitFiles(module, files)))
    return failure();
  for (const auto &[name, content] : files) {
    if (wanted.empty())
      os << "// ----- " << name << " -----\n";
    if (wanted.empty() || wanted == name)
      os << content;
  }
  return success();
}

static void registerFile(llvm::StringRef option, llvm::StringRef description,
                         llvm::StringRef file) {
  TranslateFromMLIRRegistration(
      option, description,
      [file](Operation *root, llvm::raw_ostream &os) {
        return emitFile(root, file, os);
      },
      [](DialectRegistry &registry) {
        registry.insert<arith::ArithDialect, scf::SCFDialect, tt::TTDialect,
                        metalium::MetaliumDialect>();
      });
}

void registerProgramTranslations() {
  launchesOption();
  workspacesOption();
  registerFile("emit-reader", "emit the reader kernel", "reader.cpp");
  registerFile("emit-compute", "emit the compute kernel", "compute.cpp");
  registerFile("emit-writer", "emit the writer kernel", "writer.cpp");
  registerFile("emit-host", "emit the host program", "main.cpp");
  registerFile("emit-cmake", "emit the host program's CMake file",
               "CMakeLists.txt");
  registerFile("emit-plan", "emit the plan", "tt.plan.json");
  registerFile("emit-all", "emit all files", "");
}

} // namespace tilewright
