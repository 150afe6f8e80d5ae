// RUN: tilewright-opt %s --tt-infer-layout | FileCheck %s

// A tensor that the program writes is not gathered from.

// CHECK-LABEL: tile.func @written
// CHECK-NOT: gathers
tile.func @written(%x: memref<32x32xf32, #tile.scope<global>>) tensors [#tile.tensor<"x", param>] {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f32
  tile.launch (%b) in (%c1) names ["b"] {
    %s = tile.alloc "s" : memref<32x32xf32, #tile.scope<shared>>
    tile.fill %s, %zero : memref<32x32xf32, #tile.scope<shared>>, f32
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      %h = arith.divui %j, %c2 : index
      %p = memref.load %s[%i, %j] : memref<32x32xf32, #tile.scope<shared>>
      memref.store %p, %x[%i, %j] : memref<32x32xf32, #tile.scope<global>>
    }
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      %h = arith.divui %j, %c2 : index
      %p = memref.load %x[%i, %h] : memref<32x32xf32, #tile.scope<global>>
      memref.store %p, %s[%i, %j] : memref<32x32xf32, #tile.scope<shared>>
    }
  }
}
