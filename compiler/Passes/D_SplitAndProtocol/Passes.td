//===- Passes.td - Passes of stage D ------------------------------*- tablegen -*-===//
#ifndef TILEWRIGHT_PASSES_D
#define TILEWRIGHT_PASSES_D

include "mlir/Pass/PassBase.td"

def SplitDeviceKernel : Pass<"tt-split-device-kernel", "::mlir::ModuleOp"> {
  let summary = "Split the core program into reader, compute and writer";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def ConfigureTensorAccessor : Pass<"tt-configure-tensor-accessor", "::mlir::ModuleOp"> {
  let summary = "Bind accessors to the arguments of each kernel";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def LowerCBIntrinsics : Pass<"tt-lower-cb-intrinsics", "::mlir::ModuleOp"> {
  let summary = "Insert circular buffer and NoC protocol with barriers";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def InsertComputeInit : Pass<"tt-insert-compute-init", "::mlir::ModuleOp"> {
  let summary = "Insert start-up, init and reconfig calls";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def InsertDstManagement : Pass<"tt-insert-dst-management", "::mlir::ModuleOp"> {
  let summary = "Expand DST sections to sub-block loops with the DST protocol";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def VerifyStageD : Pass<"tt-verify-stage-d", "::mlir::ModuleOp"> {
  let summary = "Prove the contract of stage D";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

#endif
