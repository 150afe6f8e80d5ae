// RUN: tilewright-opt %s | tilewright-opt | FileCheck %s

// CHECK-LABEL: tile.func @matmul (%{{.*}}: memref<64x96xbf16, #tile.scope<global>>
// CHECK-SAME: tensors [#tile.tensor<"A", param>, #tile.tensor<"B", param>, #tile.tensor<"C", result>]
tile.func @matmul(%A: memref<64x96xbf16, #tile.scope<global>>,
                  %B: memref<96x64xbf16, #tile.scope<global>>,
                  %C: memref<64x64xbf16, #tile.scope<global>>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"B", param>, #tile.tensor<"C", result>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c32 = arith.constant 32 : index
  // CHECK: tile.launch (%[[BX:.*]], %[[BY:.*]]) in (%{{.*}}, %{{.*}}) names ["bx", "by"]
  tile.launch (%bx, %by) in (%c2, %c2) names ["bx", "by"] {
    // CHECK: tile.alloc "A_shared" : memref<32x32xbf16, #tile.scope<shared>>
    %As = tile.alloc "A_shared" : memref<32x32xbf16, #tile.scope<shared>>
    %Bs = tile.alloc "B_shared" : memref<32x32xbf16, #tile.scope<shared>>
    %acc = tile.alloc "C_local" : memref<32x32xf32, #tile.scope<fragment>>
    %zero = arith.constant 0.0 : f32
    // CHECK: tile.fill
    tile.fill %acc, %zero : memref<32x32xf32, #tile.scope<fragment>>, f32
    %m = arith.muli %by, %c32 : index
    %n = arith.muli %bx, %c32 : index
    // CHECK: tile.for pipelined stages 2 name "k" %{{.*}} = %{{.*}} to %{{.*}} step %{{.*}} {
    tile.for pipelined stages 2 name "k" %k = %c0 to %c3 step %c1 {
      %kk = arith.muli %k, %c32 : index
      // CHECK: tile.copy %{{.*}}[%{{.*}}, %{{.*}}] [32, 32] to %{{.*}}[%{{.*}}, %{{.*}}] [32, 32]
      tile.copy %A[%m, %kk] [32, 32] to %As[%c0, %c0] [32, 32] : memref<64x96xbf16, #tile.scope<global>> to memref<32x32xbf16, #tile.scope<shared>>
      tile.copy %B[%kk, %n] [32, 32] to %Bs[%c0, %c0] [32, 32] : memref<96x64xbf16, #tile.scope<global>> to memref<32x32xbf16, #tile.scope<shared>>
      // CHECK: tile.gemm %{{.*}}, %{{.*}}, %{{.*}} transpose_b
      tile.gemm %As, %Bs, %acc transpose_b : memref<32x32xbf16, #tile.scope<shared>>, memref<32x32xbf16, #tile.scope<shared>>, memref<32x32xf32, #tile.scope<fragment>>
    }
    // CHECK: tile.for serial name "t"
    tile.for serial name "t" %t = %c0 to %c2 step %c1 {
    }
    // CHECK: tile.parallel (%{{.*}}, %{{.*}}) in [32, 32] names ["i", "j"]
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      %x = memref.load %acc[%i, %j] : memref<32x32xf32, #tile.scope<fragment>>
      %y = arith.addf %x, %x : f32
      memref.store %y, %acc[%i, %j] : memref<32x32xf32, #tile.scope<fragment>>
    }
    tile.copy %acc[%c0, %c0] [32, 32] to %C[%m, %n] [32, 32] : memref<32x32xf32, #tile.scope<fragment>> to memref<64x64xbf16, #tile.scope<global>>
  }
}

// CHECK-LABEL: tile.func @ordered
tile.func @ordered() tensors [] {
  %c1 = arith.constant 1 : index
  // CHECK: tile.launch ordered{{ *}}(%{{.*}}) in (%{{.*}}) names ["bx"]
  tile.launch ordered (%bx) in (%c1) names ["bx"] {
    %x = arith.constant 1.0 : f32
    %true = arith.constant true
    // CHECK: tile.print "here"
    tile.print "here"
    // CHECK: tile.print "x"(%{{.*}} : f32)
    tile.print "x" (%x : f32)
    // CHECK: tile.assert %{{.*}}, "never"
    tile.assert %true, "never"
  }
}
