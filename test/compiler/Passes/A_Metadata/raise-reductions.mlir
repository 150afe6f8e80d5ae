// RUN: tilewright-opt %s --tt-infer-layout | FileCheck %s

!x = memref<32x64xf32, #tile.scope<shared>>
!r = memref<32xf32, #tile.scope<fragment>>
!C = memref<2x32x64xf32, #tile.scope<global>>

// A nest that adds into a vector is a parallel loop and a reduction; an index
// outside the matrix of a parallel loop is a loop around it.
// CHECK-LABEL: tile.func @reducer
// CHECK: %[[TERMS:.*]] = tile.alloc "r_terms" : memref<32x64xf32
// CHECK: tile.parallel (%[[I:.*]], %[[J:.*]]) in [32, 64] names ["i", "j"]
// CHECK: memref.store %{{.*}}, %[[TERMS]][%[[I]], %[[J]]]
// CHECK: tile.reduce sum %[[TERMS]], %{{.*}} dim 1 :
// CHECK: tile.for serial name "h"
// CHECK: tile.parallel (%{{.*}}, %{{.*}}) in [32, 64] names ["i", "j"]
tile.func @reducer (%C: !C) tensors [#tile.tensor<"C", param>] {
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %c0 = arith.constant 0 : index
    %c32 = arith.constant 32 : index
    %c64 = arith.constant 64 : index
    %zero = arith.constant 0.0 : f32
    %x = tile.alloc "x" : !x
    %r = tile.alloc "r" : !r
    tile.copy %C[%c0, %c0, %c0] [1, 32, 64] to %x[%c0, %c0] [32, 64] : !C to !x
    tile.fill %r, %zero : !r, f32
    tile.for serial name "i" %i = %c0 to %c32 step %c1 {
      tile.for serial name "j" %j = %c0 to %c64 step %c1 {
        %old = memref.load %r[%i] : !r
        %new = memref.load %x[%i, %j] : !x
        %sum = arith.addf %old, %new : f32
        memref.store %sum, %r[%i] : !r
      }
    }
    tile.parallel (%h, %i, %j) in [2, 32, 64] names ["h", "i", "j"] {
      %v = memref.load %r[%i] : !r
      memref.store %v, %C[%h, %i, %j] : !C
    }
  }
}
