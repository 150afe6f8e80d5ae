// RUN: tilewright-opt %s --tt-infer-layout | FileCheck %s

// A number that the caller passes is a tensor of one element: an integer is
// read where the launch begins, a float is kept in a buffer.

// CHECK-LABEL: tile.func @scalars
// CHECK-SAME: (%[[ARG_F:.*]]: memref<1xf32, #{{.*}}>, %[[ARG_N:.*]]: memref<1xi32, #
// CHECK: tile.launch
// CHECK: %[[N:.*]] = memref.load %[[ARG_N]][%{{.*}}] : memref<1xi32
// CHECK: %[[F:.*]] = tile.alloc "f" : memref<1xf32
// CHECK: tile.parallel (%{{.*}}) in [1]
// CHECK: %[[FROM:.*]] = memref.load %[[ARG_F]][%{{.*}}]
// CHECK: memref.store %[[FROM]], %[[F]]
// CHECK: %[[END:.*]] = arith.index_cast %[[N]] : i32 to index
// CHECK: tile.for {{.*}} to %[[END]]
// CHECK: tile.parallel (%{{.*}}, %{{.*}}) in [32, 32]
// CHECK: memref.load %[[F]]
tile.func @scalars(%f: f32, %n: i32, %A: memref<32x32xf32, #tile.scope<global>>)
    tensors [#tile.tensor<"f", param>, #tile.tensor<"n", param>, #tile.tensor<"A", param>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %a = tile.alloc "a" : memref<32x32xf32, #tile.scope<shared>>
    tile.copy %A[%c0, %c0] [32, 32] to %a[%c0, %c0] [32, 32] : memref<32x32xf32, #tile.scope<global>> to memref<32x32xf32, #tile.scope<shared>>
    %end = arith.index_cast %n : i32 to index
    tile.for serial stages 0 name "k" %k = %c0 to %end step %c1 {
      tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
        %x = memref.load %a[%i, %j] : memref<32x32xf32, #tile.scope<shared>>
        %y = arith.mulf %x, %f : f32
        memref.store %y, %a[%i, %j] : memref<32x32xf32, #tile.scope<shared>>
      }
    }
    tile.copy %a[%c0, %c0] [32, 32] to %A[%c0, %c0] [32, 32] : memref<32x32xf32, #tile.scope<shared>> to memref<32x32xf32, #tile.scope<global>>
  }
}
