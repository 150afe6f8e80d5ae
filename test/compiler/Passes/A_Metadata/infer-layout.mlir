// RUN: tilewright-opt %s --tt-infer-layout --split-input-file | FileCheck %s

// The plane of a batched tensor is what its copies span.
// CHECK-LABEL: tile.func @plane
// CHECK-SAME: memref<2x64x4x32xf32, #tt.layout<dram, interleaved, plane = [1, 3], tile = [32, 32], Float32>>
tile.func @plane (%Q: memref<2x64x4x32xf32, #tile.scope<global>>) tensors [#tile.tensor<"Q", param>] {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  tile.launch (%bx) in (%c2) names ["bx"] {
    // CHECK: tile.alloc "S" : memref<64x32xf32, #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32>>
    %s = tile.alloc "S" : memref<64x32xf32, #tile.scope<shared>>
    tile.copy %Q[%bx, %c0, %c0, %c0] [1, 64, 1, 32] to %s[%c0, %c0] [64, 32] : memref<2x64x4x32xf32, #tile.scope<global>> to memref<64x32xf32, #tile.scope<shared>>
  }
}

// -----

// A vector indexed by the first of two loops is a column; its tensor follows.
// CHECK-LABEL: tile.func @column
// CHECK-SAME: memref<64xf32, #tt.layout<dram, interleaved, plane = [0, -1]
tile.func @column (%v: memref<64xf32, #tile.scope<global>>) tensors [#tile.tensor<"v", param>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    // CHECK: tile.alloc "s" : memref<64xf32, #tt.layout<l1, interleaved, plane = [0, -1]
    %s = tile.alloc "s" : memref<64xf32, #tile.scope<shared>>
    // CHECK: tile.alloc "r" : memref<32xf32, #tt.layout<l1, interleaved, plane = [-1, 0]
    %r = tile.alloc "r" : memref<32xf32, #tile.scope<shared>>
    %x = tile.alloc "x" : memref<64x32xf32, #tile.scope<fragment>>
    tile.copy %v[%c0] [64] to %s[%c0] [64] : memref<64xf32, #tile.scope<global>> to memref<64xf32, #tile.scope<shared>>
    tile.parallel (%i, %j) in [64, 32] names ["i", "j"] {
      %a = memref.load %s[%i] : memref<64xf32, #tile.scope<shared>>
      %b = memref.load %r[%j] : memref<32xf32, #tile.scope<shared>>
      %c = arith.mulf %a, %b : f32
      memref.store %c, %x[%i, %j] : memref<64x32xf32, #tile.scope<fragment>>
    }
  }
}
