//===- Passes.td - Passes of stage E ------------------------------*- tablegen -*-===//
#ifndef TILEWRIGHT_PASSES_E
#define TILEWRIGHT_PASSES_E

include "mlir/Pass/PassBase.td"

def FinalizeSignature : Pass<"tt-finalize-signature", "::mlir::ModuleOp"> {
  let summary = "Fix one argument list per kernel, used by kernels, host and plan";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def VerifyStageE : Pass<"tt-verify-stage-e", "::mlir::ModuleOp"> {
  let summary = "Prove the contract of stage E";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def ValidateSplitKernels : Pass<"tt-validate-split-kernels", "::mlir::ModuleOp"> {
  let summary = "Prove the protocol rules over the three kernels together";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

#endif
