//===- tilewright-lsp-server.cpp - Language server for .mlir files
//---------===//

#include "compiler/Driver/Dialects.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  tilewright::registerTilewrightDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
