// RUN: tilewright-opt %s --tt-infer-layout --tt-propagate-layout --tt-attach-tensor-accessor --tt-verify-stage-a | FileCheck %s

// CHECK-LABEL: tile.func @gemm
// CHECK: %[[ACC:.*]] = tt.accessor %{{.*}} -> <"A", outer = 1, rows = 50, cols = 64, bf16
tile.func @gemm (%A: memref<50x64xbf16, #tile.scope<global>>, %C: memref<50x64xbf16, #tile.scope<global>>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"C", result>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c32 = arith.constant 32 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    // The accumulator's type differs from C: a staging buffer takes the edge.
    // CHECK: %[[STAGE:.*]] = tile.alloc "C" : memref<64x64xbf16, #tt.layout<l1, {{.*}}, cb = <Float16_b, page_bytes = 2048, block_pages = 4, depth = 2>>>
    // CHECK: tile.alloc "A_shared" {{.*}} cb = <Float16_b, page_bytes = 2048, block_pages = 2, depth = 3>
    %As = tile.alloc "A_shared" : memref<64x32xbf16, #tile.scope<shared>>
    // CHECK: %[[LOCAL:.*]] = tile.alloc "C_local" {{.*}} cb = <Float32, page_bytes = 4096, block_pages = 4, depth = 1>
    %acc = tile.alloc "C_local" : memref<64x64xf32, #tile.scope<fragment>>
    tile.for pipelined stages 3 name "k" %k = %c0 to %c2 step %c1 {
      %kk = arith.muli %k, %c32 : index
      tile.copy %A[%c0, %kk] [64, 32] to %As[%c0, %c0] [64, 32] : memref<50x64xbf16, #tile.scope<global>> to memref<64x32xbf16, #tile.scope<shared>>
    }
    // CHECK: tile.copy %[[LOCAL]][{{.*}}] [64, 64] to %[[STAGE]][
    // CHECK: tile.copy %[[STAGE]][{{.*}}] [64, 64] to %{{.*}}[
    tile.copy %acc[%c0, %c0] [64, 64] to %C[%c0, %c0] [64, 64] : memref<64x64xf32, #tile.scope<fragment>> to memref<50x64xbf16, #tile.scope<global>>
  }
}
