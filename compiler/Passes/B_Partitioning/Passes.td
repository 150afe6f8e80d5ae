//===- Passes.td - Passes of stage B -----------------------*- tablegen -*-===//
#ifndef TILEWRIGHT_PASSES_B
#define TILEWRIGHT_PASSES_B

include "mlir/Pass/PassBase.td"

def PartitionWork : Pass<"tt-partition-work", "::mlir::ModuleOp"> {
  let summary = "Assign the blocks of the launch grid to cores";
  let description = [{
    Deals the blocks of the launch grid, row-major with x fastest, to the cores
    of the grid in contiguous runs whose lengths differ by one at most. An
    annotation of the launch chooses cores, the order of blocks, or gives each
    block to a core itself. A tensor that is sharded over L1 makes each core do
    the blocks of its own shard.

    ```mlir
    // before
    tile.launch (%bx, %by) in (%c8, %c9) names ["bx", "by"] { ... }
    // after
    tt.launch <global, launch = [8, 9], cores = [8, 8], starts = [0, 2, ..],
               counts = [2, 2, ..]> names ["bx", "by"] (%bx, %by) { ... }
    ```
  }];
  let options = [
    Option<"chip", "chip", "std::string", "\"n150\"",
           "Name of the chip, as in arch/">,
    ListOption<"coreGrid", "core-grid", "int64_t",
               "Cores in x and y; the chip's compute grid when absent">
  ];
  let dependentDialects = ["::tilewright::tt::TTDialect"];
}

def GridToCoreGrid : Pass<"tt-grid-to-core-grid", "::mlir::ModuleOp"> {
  let summary = "Turn the launch into a persistent loop over work items";
  let description = [{
    Replaces the launch by what each core runs: a loop over its work items, from
    whose number the block ids are recovered.

    ```mlir
    // after, for a grid of 8 x 9
    tt.core_program <...> (%start, %count) {
      %end = arith.addi %start, %count : index
      scf.for %item = %start to %end step %c1 {
        %bx = arith.remui %item, %c8 : index
        %by = arith.divui %item, %c8 : index
        ...
      }
    }
    ```
  }];
  let dependentDialects = ["::tilewright::tt::TTDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect"];
}

def VerifyStageB : Pass<"tt-verify-stage-b", "::mlir::ModuleOp"> {
  let summary = "Prove the contract of stage B";
  let description = [{
    No launch is left, and each program has one core program; the verifier of
    `#tt.work` proves that every work item is covered exactly once. Changes
    nothing.
  }];
}

#endif // TILEWRIGHT_PASSES_B
