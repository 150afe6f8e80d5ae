//===- tilewright-opt.cpp - Run passes on an IR file
//-----------------------===//
//
// `tilewright-opt --tt-infer-layout a.mlir` runs one pass, and
// `tilewright-opt --tt-pipeline="chip=p150" a.mlir` those of a compilation.
//
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Dialects.h"
#include "compiler/Driver/IRText.h"
#include "compiler/Passes/Pipeline.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  if (tilewright::refuseDeepNesting(argc, argv))
    return 1;
  mlir::DialectRegistry registry;
  tilewright::registerTilewrightDialects(registry);
  mlir::registerTransformsPasses();
  tilewright::registerTilewrightPasses();
  tilewright::registerTilewrightPipeline();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "Tilewright optimizer driver\n", registry));
}
