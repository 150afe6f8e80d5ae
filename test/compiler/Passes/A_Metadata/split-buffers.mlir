// RUN: tilewright-opt %s --tt-infer-layout --split-input-file | FileCheck %s

// The halves of a buffer, of which a loop reads both, become buffers; the copy
// that fills it becomes two.
// CHECK-LABEL: tile.func @halves
// CHECK: %[[LEFT:.*]] = tile.alloc "x_0" : memref<32x64xf32
// CHECK: %[[RIGHT:.*]] = tile.alloc "x_1" : memref<32x64xf32
// CHECK-NOT: memref<32x128xf32
// CHECK: tile.copy %{{.*}}[%c0, %c0{{.*}}] [32, 64] to %[[LEFT]]
// CHECK: tile.copy %{{.*}}[%c0, %{{.*}}] [32, 64] to %[[RIGHT]]
// CHECK: tile.parallel
// CHECK: memref.load %[[LEFT]]
// CHECK: memref.load %[[RIGHT]]
tile.func @halves(%A: memref<32x128xf32, #tile.scope<global>>, %B: memref<32x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>, #tile.tensor<"B", result>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  tile.launch (%b) in (%c1) names ["b"] {
    %x = tile.alloc "x" : memref<32x128xf32, #tile.scope<shared>>
    tile.copy %A[%c0, %c0] [32, 128] to %x[%c0, %c0] [32, 128] : memref<32x128xf32, #tile.scope<global>> to memref<32x128xf32, #tile.scope<shared>>
    tile.parallel (%i, %j) in [32, 64] names ["i", "j"] {
      %k = arith.addi %j, %c64 : index
      %p = memref.load %x[%i, %j] : memref<32x128xf32, #tile.scope<shared>>
      %q = memref.load %x[%i, %k] : memref<32x128xf32, #tile.scope<shared>>
      %r = arith.mulf %p, %q : f32
      memref.store %r, %B[%i, %j] : memref<32x64xf32, #tile.scope<global>>
    }
  }
}

// -----

// A cut passes through loops, gemms and reductions: the loop over all columns
// becomes two, the gemm one for each half of N, and the second reduction adds
// to the first.
// CHECK-LABEL: tile.func @passes
// CHECK: %[[C0:.*]] = tile.alloc "c_0" : memref<32x32xf32
// CHECK: %[[C1:.*]] = tile.alloc "c_1" : memref<32x32xf32
// CHECK: tile.gemm %[[A:.*]], %{{.*}}, %[[C0]] clear_accum
// CHECK: tile.gemm %[[A]], %{{.*}}, %[[C1]] clear_accum
// CHECK: tile.parallel (%{{.*}}, %{{.*}}) in [32, 32]
// CHECK: memref.store %{{.*}}, %[[C0]]
// CHECK: tile.parallel (%{{.*}}, %{{.*}}) in [32, 32]
// CHECK: memref.store %{{.*}}, %[[C1]]
// CHECK: tile.reduce sum %[[C0]], %[[S:.*]] dim 1 clear
// CHECK: tile.reduce sum %[[C1]], %[[S]] dim 1 :
tile.func @passes(%A: memref<32x32xf32, #tile.scope<global>>, %B: memref<32x64xf32, #tile.scope<global>>, %C: memref<32x32xf32, #tile.scope<global>>, %S: memref<32xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>, #tile.tensor<"B", param>, #tile.tensor<"C", result>, #tile.tensor<"S", result>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  tile.launch (%x) in (%c1) names ["x"] {
    %a = tile.alloc "a" : memref<32x32xf32, #tile.scope<shared>>
    %b = tile.alloc "b" : memref<32x64xf32, #tile.scope<shared>>
    %c = tile.alloc "c" : memref<32x64xf32, #tile.scope<fragment>>
    %s = tile.alloc "s" : memref<32xf32, #tile.scope<fragment>>
    tile.copy %A[%c0, %c0] [32, 32] to %a[%c0, %c0] [32, 32] : memref<32x32xf32, #tile.scope<global>> to memref<32x32xf32, #tile.scope<shared>>
    tile.copy %B[%c0, %c0] [32, 64] to %b[%c0, %c0] [32, 64] : memref<32x64xf32, #tile.scope<global>> to memref<32x64xf32, #tile.scope<shared>>
    tile.gemm %a, %b, %c clear_accum : memref<32x32xf32, #tile.scope<shared>>, memref<32x64xf32, #tile.scope<shared>>, memref<32x64xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in [32, 64] names ["i", "j"] {
      %p = memref.load %c[%i, %j] : memref<32x64xf32, #tile.scope<fragment>>
      %q = arith.mulf %p, %p : f32
      memref.store %q, %c[%i, %j] : memref<32x64xf32, #tile.scope<fragment>>
    }
    tile.reduce sum %c, %s dim 1 clear : memref<32x64xf32, #tile.scope<fragment>>, memref<32xf32, #tile.scope<fragment>>
    tile.copy %s[%c0] [32] to %S[%c0] [32] : memref<32xf32, #tile.scope<fragment>> to memref<32xf32, #tile.scope<global>>
    tile.copy %c[%c0, %c32] [32, 32] to %C[%c0, %c0] [32, 32] : memref<32x64xf32, #tile.scope<fragment>> to memref<32x32xf32, #tile.scope<global>>
  }
}

// -----

// One matrix of several: the loop that picks it is unrolled.
// CHECK-LABEL: tile.func @cube
// CHECK-COUNT-2: tile.alloc "x_{{[01]}}" : memref<1x32x32xf32
// CHECK-NOT: tile.for
// CHECK-COUNT-2: tile.parallel
tile.func @cube(%A: memref<2x32x32xf32, #tile.scope<global>>, %B: memref<2x32x32xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>, #tile.tensor<"B", result>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  tile.launch (%b) in (%c1) names ["b"] {
    %x = tile.alloc "x" : memref<2x32x32xf32, #tile.scope<shared>>
    tile.copy %A[%c0, %c0, %c0] [2, 32, 32] to %x[%c0, %c0, %c0] [2, 32, 32] : memref<2x32x32xf32, #tile.scope<global>> to memref<2x32x32xf32, #tile.scope<shared>>
    tile.for serial name "k" %k = %c0 to %c2 step %c1 {
      tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
        %p = memref.load %x[%k, %i, %j] : memref<2x32x32xf32, #tile.scope<shared>>
        %q = arith.addf %p, %p : f32
        memref.store %q, %B[%k, %i, %j] : memref<2x32x32xf32, #tile.scope<global>>
      }
    }
  }
}
