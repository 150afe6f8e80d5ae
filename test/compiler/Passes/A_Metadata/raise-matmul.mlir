// RUN: tilewright-opt %s --tt-infer-layout --split-input-file | FileCheck %s

#shared = #tile.scope<shared>
#fragment = #tile.scope<fragment>

// The loop over k is innermost; A is stored as [K, M].
// CHECK-LABEL: tile.func @inner
tile.func @inner (%X: memref<64x32xbf16, #tile.scope<global>>) tensors [#tile.tensor<"X", param>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    // CHECK: %[[A:.*]] = tile.alloc "a"
    %a = tile.alloc "a" : memref<64x32xbf16, #shared>
    // CHECK: %[[B:.*]] = tile.alloc "b"
    %b = tile.alloc "b" : memref<64x32xbf16, #shared>
    // CHECK: %[[C:.*]] = tile.alloc "c"
    %c = tile.alloc "c" : memref<32x32xf32, #fragment>
    // CHECK: tile.gemm %[[A]], %[[B]], %[[C]] transpose_a :
    // CHECK-NOT: tile.parallel
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      tile.for serial name "k" %k = %c0 to %c64 step %c1 {
        %0 = memref.load %a[%k, %i] : memref<64x32xbf16, #shared>
        %1 = memref.load %b[%k, %j] : memref<64x32xbf16, #shared>
        %2 = arith.mulf %0, %1 : bf16
        %3 = arith.extf %2 : bf16 to f32
        %4 = memref.load %c[%i, %j] : memref<32x32xf32, #fragment>
        %5 = arith.addf %4, %3 : f32
        memref.store %5, %c[%i, %j] : memref<32x32xf32, #fragment>
      }
    }
  }
}

// -----

#shared = #tile.scope<shared>
#fragment = #tile.scope<fragment>

// Only a part of k: the operand is not used whole.
// CHECK-LABEL: tile.func @part
tile.func @part (%X: memref<64x32xbf16, #tile.scope<global>>) tensors [#tile.tensor<"X", param>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %a = tile.alloc "a" : memref<32x64xf32, #shared>
    %b = tile.alloc "b" : memref<64x32xf32, #shared>
    %c = tile.alloc "c" : memref<32x32xf32, #fragment>
    // CHECK-NOT: tile.gemm
    // CHECK: tile.for
    tile.for serial name "k" %k = %c0 to %c32 step %c1 {
      tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
        %0 = memref.load %a[%i, %k] : memref<32x64xf32, #shared>
        %1 = memref.load %b[%k, %j] : memref<64x32xf32, #shared>
        %2 = arith.mulf %0, %1 : f32
        %4 = memref.load %c[%i, %j] : memref<32x32xf32, #fragment>
        %5 = arith.addf %4, %2 : f32
        memref.store %5, %c[%i, %j] : memref<32x32xf32, #fragment>
      }
    }
  }
}

// -----

#global = #tile.scope<global>

// Blocks of tensors are copied in steps of k, and the sum goes back.
// CHECK-LABEL: tile.func @tensors
// CHECK-SAME: (%[[TA:.*]]: memref<64x128xbf16, {{.*}}, %[[TB:.*]]: memref<128x32xbf16, {{.*}}, %[[TC:.*]]: memref<64x32xf32
tile.func @tensors (%A: memref<64x128xbf16, #global>, %B: memref<128x32xbf16, #global>, %C: memref<64x32xf32, #global>) tensors [#tile.tensor<"A", param>, #tile.tensor<"B", param>, #tile.tensor<"C", param>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c32 = arith.constant 32 : index
  %c128 = arith.constant 128 : index
  tile.launch (%bx) in (%c2) names ["bx"] {
    %m = arith.muli %bx, %c32 : index
    // CHECK: tile.copy %[[TC]][%{{.*}}, %{{.*}}] [32, 32] to %[[ACC:[a-z0-9]+]][
    // CHECK: tile.for pipelined stages 2 name "k" %[[K:.*]] = %{{.*}} to %c128{{.*}} step %c64
    // CHECK: arith.addi %{{.*}}, %[[K]]
    // CHECK: tile.copy %[[TA]][%{{.*}}, %{{.*}}] [32, 64] to %[[LEFT:[a-z0-9]+]][
    // CHECK: tile.copy %[[TB]][%{{.*}}, %{{.*}}] [64, 32] to %[[RIGHT:[a-z0-9]+]][
    // CHECK: tile.gemm %[[LEFT]], %[[RIGHT]], %[[ACC]] :
    // CHECK: tile.copy %[[ACC]][%{{.*}}] [32, 32] to %[[TC]][
    tile.for serial name "i" %i = %c0 to %c32 step %c1 {
      tile.for serial name "j" %j = %c0 to %c32 step %c1 {
        tile.for serial name "k" %k = %c0 to %c128 step %c1 {
          %row = arith.addi %m, %i : index
          %0 = memref.load %A[%row, %k] : memref<64x128xbf16, #global>
          %1 = memref.load %B[%k, %j] : memref<128x32xbf16, #global>
          %2 = arith.mulf %0, %1 : bf16
          %3 = arith.extf %2 : bf16 to f32
          %4 = memref.load %C[%row, %j] : memref<64x32xf32, #global>
          %5 = arith.addf %4, %3 : f32
          memref.store %5, %C[%row, %j] : memref<64x32xf32, #global>
        }
      }
    }
  }
}
