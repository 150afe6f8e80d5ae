//===- tilewright-registry.cpp - Prints the registry of calls -------------===//
//
// `--markdown` writes docs/reference/intrinsics.md, `--json` the registry for
// other tools. Fails when records contradict themselves.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Metalium/Metalium.h"
#include "llvm/Support/raw_ostream.h"

using namespace tilewright;

int main(int argc, char **argv) {
  llvm::StringRef format = argc == 2 ? argv[1] : "";
  if (format != "--markdown" && format != "--json") {
    llvm::errs() << "usage: tilewright-registry --markdown | --json\n";
    return 2;
  }
  mlir::MLIRContext context;
  context.loadDialect<metalium::MetaliumDialect>();
  if (mlir::failed(metalium::checkRegistry(&context, llvm::errs())))
    return 1;
  if (format == "--json")
    metalium::printRegistryJson(&context, llvm::outs());
  else
    metalium::printReference(&context, llvm::outs());
  return 0;
}
