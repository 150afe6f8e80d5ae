// RUN: tilewright-opt %s --tt-infer-layout --tt-propagate-layout --tt-attach-tensor-accessor --tt-verify-stage-a | FileCheck %s

// Sizes that only a call knows stand at the top of the program, one operation
// for each name; constant dimensions are constants.

// CHECK-LABEL: tile.func @f
// CHECK: tt.accessor {{.*}} -> <"A", outer = 1, rows = ?, cols = 64,
// CHECK: tt.accessor {{.*}} -> <"B", outer = ?, rows = 32, cols = 64,
// CHECK: %[[M:.*]] = tt.size "m"
// CHECK-NEXT: %[[B:.*]] = tt.size "b"
// CHECK-NOT: tt.size
// CHECK-NOT: memref.dim
// CHECK: arith.addi %[[M]], %[[M]]
tile.func @f(%A: memref<?x64xf32, #tile.scope<global>>, %B: memref<?x?x32x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param, ["m", ""]>, #tile.tensor<"B", param, ["b", "m", "", ""]>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = memref.dim %A, %c0 : memref<?x64xf32, #tile.scope<global>>
  %again = memref.dim %B, %c1 : memref<?x?x32x64xf32, #tile.scope<global>>
  %sum = arith.addi %m, %again : index
  tile.launch (%bx) in (%sum) names ["bx"] {
    %s = tile.alloc "s" : memref<32x64xf32, #tile.scope<shared>>
    tile.copy %A[%bx, %c0] [32, 64] to %s[%c0, %c0] [32, 64] : memref<?x64xf32, #tile.scope<global>> to memref<32x64xf32, #tile.scope<shared>>
    tile.copy %s[%c0, %c0] [32, 64] to %B[%c0, %bx, %c0, %c0] [1, 1, 32, 64] : memref<32x64xf32, #tile.scope<shared>> to memref<?x?x32x64xf32, #tile.scope<global>>
  }
}
