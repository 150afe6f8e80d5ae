//===- tilewright-translate.cpp - Emit text from IR after stage E
//----------===//
//
// `tilewright-translate --emit-compute a.mlir` prints one of the six files of
// the metalium.program in a.mlir; --emit-kernel prints kernels alone.
//
//===----------------------------------------------------------------------===//

#include "compiler/Driver/IRText.h"
#include "compiler/Target/Kernel/KernelEmitter.h"
#include "compiler/Target/Translation.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

int main(int argc, char **argv) {
  if (tilewright::refuseDeepNesting(argc, argv))
    return 1;
  tilewright::registerKernelTranslation();
  tilewright::registerProgramTranslations();
  return mlir::failed(
      mlir::mlirTranslateMain(argc, argv, "Tilewright emitter driver"));
}
