//===- tilewright-translate.cpp - Text from IR files -----------------------===//

#include "compiler/Target/Kernel/KernelEmitter.h"
#include "mlir/Support/LogicalResult.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

int main(int argc, char **argv) {
  tilewright::registerKernelTranslation();
  return mlir::failed(
      mlir::mlirTranslateMain(argc, argv, "Tilewright translation driver"));
}
