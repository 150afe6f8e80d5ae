// RUN: tilewright-opt %s --tt-infer-layout --tt-propagate-layout --tt-attach-tensor-accessor --tt-partition-work --tt-grid-to-core-grid --tt-lower-shared-to-cb | FileCheck %s

// A condition around statements is a loop of one iteration or none, which
// carries the blocks that the statements change.

// CHECK-LABEL: tile.func @f
// CHECK: %[[ZERO:.*]] = tt.fill 0.0
// CHECK: %[[IF:.*]] = arith.cmpi slt
// CHECK: %[[COUNT:.*]] = arith.index_castui %[[IF]] : i1 to index
// CHECK: %[[BLOCK:.*]] = scf.for %{{.*}} = %c0{{.*}} to %[[COUNT]] step %c1{{.*}} iter_args(%{{.*}} = %[[ZERO]])
// CHECK:   %[[READ:.*]] = tt.read_to_cb
// CHECK:   scf.yield %[[READ]]
// CHECK: tt.write_from_cb %{{.*}}, %[[BLOCK]]
tile.func @f(%A: memref<64x32xf32, #tile.scope<global>>, %C: memref<64x32xf32, #tile.scope<global>>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"C", param>] {
  %c2 = arith.constant 2 : index
  tile.launch (%bx) in (%c2) names ["bx"] {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c32 = arith.constant 32 : index
    %zero = arith.constant 0.0 : f32
    %s = tile.alloc "s" : memref<32x32xf32, #tile.scope<shared>>
    %m = arith.muli %bx, %c32 : index
    tile.fill %s, %zero : memref<32x32xf32, #tile.scope<shared>>, f32
    %if = arith.cmpi slt, %bx, %c1 : index
    scf.if %if {
      tile.copy %A[%m, %c0] [32, 32] to %s[%c0, %c0] [32, 32] : memref<64x32xf32, #tile.scope<global>> to memref<32x32xf32, #tile.scope<shared>>
    }
    tile.copy %s[%c0, %c0] [32, 32] to %C[%m, %c0] [32, 32] : memref<32x32xf32, #tile.scope<shared>> to memref<64x32xf32, #tile.scope<global>>
  }
}
