// RUN: tilewright-opt %s --tt-infer-layout --tt-propagate-layout --tt-attach-tensor-accessor --tt-partition-work --tt-grid-to-core-grid --tt-lower-shared-to-cb | FileCheck %s

// An integer that is read outside T.Parallel steers the program; a buffer of
// one integer holds a value that loops carry.

// CHECK-LABEL: tile.func @f
// CHECK: %[[ZERO:.*]] = arith.constant 0 : i32
// CHECK: %[[N:.*]] = tt.read_scalar %{{.*}}[%c0{{.*}}, %c0{{.*}}, %{{.*}}] signed
// CHECK: scf.for {{.*}} iter_args(%[[USED:.*]] = %[[ZERO]]) -> (i32)
// CHECK:   %[[FLAG:.*]] = tt.read_scalar %{{.*}}[%{{.*}}, %c0{{.*}}, %{{.*}}] :
// CHECK:   arith.cmpi ne, %[[FLAG]], %{{.*}} : i32
// CHECK:   %[[ROW:.*]] = arith.index_cast %[[USED]] : i32 to index
// CHECK:   tt.write_from_cb %{{.*}}, %{{.*}}, %{{.*}}[%{{.*}}, %[[ROW]], %{{.*}}]
// CHECK:   %[[NEXT:.*]] = arith.addi %[[USED]], %{{.*}} : i32
// CHECK:   scf.yield %[[NEXT]] : i32
tile.func @f(%A: memref<256x32xf32, #tile.scope<global>>, %n: memref<1xi32, #tile.scope<global>>, %flags: memref<8xi1, #tile.scope<global>>, %C: memref<256x32xf32, #tile.scope<global>>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"n", param>, #tile.tensor<"flags", param>, #tile.tensor<"C", param>] {
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %c0 = arith.constant 0 : index
    %c32 = arith.constant 32 : index
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %s = tile.alloc "s" : memref<32x32xf32, #tile.scope<shared>>
    %used = tile.alloc "used" : memref<1xi32, #tile.scope<local>>
    memref.store %zero, %used[%c0] : memref<1xi32, #tile.scope<local>>
    %count = memref.load %n[%c0] : memref<1xi32, #tile.scope<global>>
    %end = arith.index_cast %count : i32 to index
    tile.for serial stages 0 name "k" %k = %c0 to %end step %c1 {
      %flag = memref.load %flags[%k] : memref<8xi1, #tile.scope<global>>
      scf.if %flag {
        %m = arith.muli %k, %c32 : index
        tile.copy %A[%m, %c0] [32, 32] to %s[%c0, %c0] [32, 32] : memref<256x32xf32, #tile.scope<global>> to memref<32x32xf32, #tile.scope<shared>>
        %u = memref.load %used[%c0] : memref<1xi32, #tile.scope<local>>
        %ui = arith.index_cast %u : i32 to index
        %r = arith.muli %ui, %c32 : index
        tile.copy %s[%c0, %c0] [32, 32] to %C[%r, %c0] [32, 32] : memref<32x32xf32, #tile.scope<shared>> to memref<256x32xf32, #tile.scope<global>>
      }
      %v = memref.load %used[%c0] : memref<1xi32, #tile.scope<local>>
      %w = arith.addi %v, %one : i32
      memref.store %w, %used[%c0] : memref<1xi32, #tile.scope<local>>
    }
  }
}
