//===- Passes.td - Passes of stage C ------------------------------*- tablegen -*-===//
#ifndef TILEWRIGHT_PASSES_C
#define TILEWRIGHT_PASSES_C

include "mlir/Pass/PassBase.td"

def LowerSharedToCB : Pass<"tt-lower-shared-to-cb", "::mlir::ModuleOp"> {
  let summary = "Turn buffers into block values and copies into circular buffer transfers";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def LowerTileIntrinsics : Pass<"tt-lower-tile-intrinsics", "::mlir::ModuleOp"> {
  let summary = "Lower gemm, parallel bodies, fills and casts to tile intrinsics";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def BuildTileDFG : Pass<"tt-build-tile-dfg", "::mlir::ModuleOp"> {
  let summary = "Fuse tile intrinsics into DST sections and assign circular buffers";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def VerifyStageC : Pass<"tt-verify-stage-c", "::mlir::ModuleOp"> {
  let summary = "Prove the contract of stage C";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

#endif
