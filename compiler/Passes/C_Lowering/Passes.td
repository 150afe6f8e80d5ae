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
  let description = [{
    Groups tile operations into `tt.section`s, whose intermediate values stay in DST, and
    gives every block that leaves a section a circular buffer. The accumulator of a
    matmul loop stays in DST where it fits; otherwise the packer accumulates it in L1.
    Ends with the L1 map: too many bytes or too many buffers are an error with the
    table.

    ```mlir
    // before
    %r = scf.for %k = %c0 to %c8 step %c1 iter_args(%acc = %zero) -> !tt.block<4x4xf32> {
      %m = tt.mm.mma %a, %b, %acc : ..
      scf.yield %m : !tt.block<4x4xf32>
    }
    %o = tt.cast %r : !tt.block<4x4xf32> -> !tt.block<4x4xbf16>
    // after: 16 tiles do not fit DST, so the packer accumulates
    %r = scf.for %k = %c0 to %c8 step %c1 iter_args(%acc = %zero) -> !tt.block<4x4xf32> {
      %s = tt.section accumulate(%acc : ..) outs(%cb_acc : ..) <2, 2> {
        %m = tt.mm.mma %a, %b, %acc : ..
        tt.yield %m : !tt.block<4x4xf32>
      } : !tt.block<4x4xf32>
      scf.yield %s : !tt.block<4x4xf32>
    }
    %o = tt.section outs(%cb_C : ..) <1, 4> {
      %c = tt.cast %r : !tt.block<4x4xf32> -> !tt.block<4x4xbf16>
      tt.yield %c : !tt.block<4x4xbf16>
    } : !tt.block<4x4xbf16>
    ```
  }];
  let options = [
    Option<"chip", "chip", "std::string", "\"n150\"",
           "Name of the chip, as in arch/">,
    Option<"dstFullSync", "dst-full-sync", "bool", "false",
           "One DST section of twice the tiles instead of two halves">
  ];
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def VerifyStageC : Pass<"tt-verify-stage-c", "::mlir::ModuleOp"> {
  let summary = "Prove the contract of stage C";
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

#endif
