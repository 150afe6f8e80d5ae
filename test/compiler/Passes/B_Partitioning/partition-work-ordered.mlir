// RUN: tilewright-opt %s --split-input-file --tt-infer-layout --tt-partition-work="chip=n150 core-grid=4,1" | FileCheck %s

// Blocks of one column of the grid add to the same elements: a core each.
// CHECK-LABEL: tile.func @columns
// CHECK: tt.launch ordered <global, launch = [2, 3], cores = [4, 1], starts = [0, 3, 0, 0], counts = [3, 3, 0, 0] order = <listed items = [0, 2, 4, 1, 3, 5]>>
tile.func @columns(%A: memref<64x32xf32>) tensors [#tile.tensor<"A", param>] {
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c32 = arith.constant 32 : index
  %one = arith.constant 1.0 : f32
  tile.launch ordered (%bx, %by) in (%c2, %c3) names ["bx", "by"] {
    %first = arith.muli %bx, %c32 : index
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      %row = arith.addi %first, %i : index
      %x = memref.load %A[%row, %j] : memref<64x32xf32>
      %y = arith.addf %x, %one : f32
      memref.store %y, %A[%row, %j] : memref<64x32xf32>
    }
  }
}

// -----

// Heads 0 and 1, and 2 and 3, share their rows.
// CHECK-LABEL: tile.func @groups
// CHECK: tt.launch ordered <global, launch = [4], cores = [4, 1], starts = [0, 2, 0, 0], counts = [2, 2, 0, 0]>
tile.func @groups(%A: memref<64x32xf32>) tensors [#tile.tensor<"A", param>] {
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %c32 = arith.constant 32 : index
  %one = arith.constant 1.0 : f32
  tile.launch ordered (%bx) in (%c4) names ["bx"] {
    %group = arith.divui %bx, %c2 : index
    %first = arith.muli %group, %c32 : index
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      %row = arith.addi %first, %i : index
      %x = memref.load %A[%row, %j] : memref<64x32xf32>
      %y = arith.addf %x, %one : f32
      memref.store %y, %A[%row, %j] : memref<64x32xf32>
    }
  }
}

// -----

// A place that only the kernel knows may be anywhere: one core.
// CHECK-LABEL: tile.func @anywhere
// CHECK: tt.launch ordered <global, launch = [4], cores = [4, 1], starts = [0, 0, 0, 0], counts = [4, 0, 0, 0]>
tile.func @anywhere(%A: memref<64xf32>, %B: memref<4xf32>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"B", param>] {
  %c4 = arith.constant 4 : index
  %one = arith.constant 1.0 : f32
  tile.launch ordered (%bx) in (%c4) names ["bx"] {
    %b = memref.load %B[%bx] : memref<4xf32>
    %n = arith.fptosi %b : f32 to i32
    %row = arith.index_cast %n : i32 to index
    %x = memref.load %A[%row] : memref<64xf32>
    %y = arith.addf %x, %one : f32
    memref.store %y, %A[%row] : memref<64xf32>
  }
}
