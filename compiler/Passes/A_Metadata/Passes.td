//===- Passes.td - Passes of stage A ------------------------------*- tablegen -*-===//
#ifndef TILEWRIGHT_PASSES_A
#define TILEWRIGHT_PASSES_A

include "mlir/Pass/PassBase.td"

def InferLayout : Pass<"tt-infer-layout", "::mlir::ModuleOp"> {
  let summary = "Give every tensor and buffer its canonical layout";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def PropagateLayout : Pass<"tt-propagate-layout", "::mlir::ModuleOp"> {
  let summary = "Derive the circular buffer geometry of every edge";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def AttachTensorAccessor : Pass<"tt-attach-tensor-accessor", "::mlir::ModuleOp"> {
  let summary = "Attach an accessor to every tensor that crosses DRAM and L1";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def VerifyStageA : Pass<"tt-verify-stage-a", "::mlir::ModuleOp"> {
  let summary = "Prove the contract of stage A";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

#endif
