//===- Passes.td - Passes of stage B ------------------------------*- tablegen -*-===//
#ifndef TILEWRIGHT_PASSES_B
#define TILEWRIGHT_PASSES_B

include "mlir/Pass/PassBase.td"

def PartitionWork : Pass<"tt-partition-work", "::mlir::ModuleOp"> {
  let summary = "Assign the blocks of the launch grid to cores";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def GridToCoreGrid : Pass<"tt-grid-to-core-grid", "::mlir::ModuleOp"> {
  let summary = "Turn the launch into a persistent loop over work items";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def VerifyStageB : Pass<"tt-verify-stage-b", "::mlir::ModuleOp"> {
  let summary = "Prove the contract of stage B";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

#endif
