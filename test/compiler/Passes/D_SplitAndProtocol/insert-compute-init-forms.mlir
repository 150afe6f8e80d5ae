// RUN: tilewright-opt %s --tt-infer-layout --tt-propagate-layout \
// RUN:   --tt-attach-tensor-accessor --tt-partition-work \
// RUN:   --tt-grid-to-core-grid --tt-lower-shared-to-cb \
// RUN:   --tt-lower-tile-intrinsics --tt-build-tile-dfg \
// RUN:   --tt-split-device-kernel --tt-configure-tensor-accessor \
// RUN:   --tt-lower-cb-intrinsics --tt-insert-compute-init \
// RUN:   --tt-insert-dst-management --tt-verify-stage-d \
// RUN:   --tt-finalize-signature --tt-verify-stage-e \
// RUN:   --tt-validate-split-kernels | FileCheck %s
// RUN: tilewright-opt %s --tt-infer-layout --tt-propagate-layout \
// RUN:   --tt-attach-tensor-accessor --tt-partition-work \
// RUN:   --tt-grid-to-core-grid --tt-lower-shared-to-cb \
// RUN:   --tt-lower-tile-intrinsics --tt-build-tile-dfg \
// RUN:   --tt-split-device-kernel --tt-configure-tensor-accessor \
// RUN:   --tt-lower-cb-intrinsics --tt-insert-compute-init=elide=false \
// RUN:   --tt-insert-dst-management --tt-verify-stage-d \
// RUN:   --tt-finalize-signature --tt-verify-stage-e \
// RUN:   --tt-validate-split-kernels | FileCheck %s --check-prefix=PLAIN
// RUN: tilewright-opt %s --tt-infer-layout --tt-propagate-layout \
// RUN:   --tt-attach-tensor-accessor --tt-partition-work \
// RUN:   --tt-grid-to-core-grid --tt-lower-shared-to-cb \
// RUN:   --tt-lower-tile-intrinsics --tt-build-tile-dfg \
// RUN:   --tt-split-device-kernel --tt-configure-tensor-accessor \
// RUN:   --tt-lower-cb-intrinsics \
// RUN:   --tt-insert-compute-init=metalium-api=2026-03 \
// RUN:   --tt-insert-dst-management --tt-verify-stage-d \
// RUN:   --tt-finalize-signature --tt-verify-stage-e \
// RUN:   --tt-validate-split-kernels | FileCheck %s --check-prefix=M03

// The plain and the elided form of a GEMM with transposed A are both legal: the
// validator accepts them. The loop over k alternates between two operations, so their
// init calls stay in it; formats are all bf16 there, so no reconfiguration does.
// CHECK: metalium.kernel @compute
// CHECK: scf.for
// CHECK: scf.for
// CHECK-NOT: metalium.reconfig
// CHECK: metalium.transpose_init
// CHECK-NOT: metalium.reconfig
// CHECK: metalium.transpose_tile
// CHECK-NOT: metalium.reconfig
// CHECK: arith.cmpi ne
// CHECK: scf.if
// CHECK-NEXT: metalium.pack_reconfig_l1_acc {enable}
// CHECK-NEXT: }
// CHECK: metalium.matmul_block_init
// CHECK: metalium.matmul_block
// PLAIN: metalium.kernel @compute
// PLAIN: metalium.reconfig_data_format_srca
// PLAIN-NEXT: metalium.transpose_init
// PLAIN: metalium.reconfig_data_format {{.*}}reverse
// PLAIN-NEXT: metalium.matmul_block_init
// M03: metalium.kernel @compute
// M03: metalium.unary_op_init_common

module {
  tile.func @main (%arg0: memref<256x256xbf16, #tile.scope<global>>, %arg1: memref<256x256xbf16, #tile.scope<global>>, %arg2: memref<256x256xbf16, #tile.scope<global>>) tensors [#tile.tensor<"A", param>, #tile.tensor<"B", param>, #tile.tensor<"C", param>] {
    %c4 = arith.constant 4 : index
    tile.launch (%arg3, %arg4) in (%c4, %c4) names ["bx", "by"] {
      %0 = tile.alloc "A_shared" : memref<32x64xbf16, #tile.scope<shared>>
      %1 = tile.alloc "B_shared" : memref<32x64xbf16, #tile.scope<shared>>
      %2 = tile.alloc "C_local" : memref<64x64xf32, #tile.scope<fragment>>
      %cst = arith.constant 0.000000e+00 : f32
      tile.fill %2, %cst : memref<64x64xf32, #tile.scope<fragment>>, f32
      %c0 = arith.constant 0 : index
      %c8 = arith.constant 8 : index
      %c1 = arith.constant 1 : index
      tile.for  pipelined stages 2 name "k" %arg5 = %c0 to %c8 step %c1 {
        %c32 = arith.constant 32 : index
        %5 = arith.muli %arg5, %c32 : index
        %c64_0 = arith.constant 64 : index
        %6 = arith.muli %arg4, %c64_0 : index
        tile.copy %arg0[%5, %6] [32, 64] to %0[%c0, %c0] [32, 64] : memref<256x256xbf16, #tile.scope<global>> to memref<32x64xbf16, #tile.scope<shared>>
        %7 = arith.muli %arg3, %c64_0 : index
        tile.copy %arg1[%5, %7] [32, 64] to %1[%c0, %c0] [32, 64] : memref<256x256xbf16, #tile.scope<global>> to memref<32x64xbf16, #tile.scope<shared>>
        tile.gemm %0, %1, %2 transpose_a : memref<32x64xbf16, #tile.scope<shared>>, memref<32x64xbf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      }
      %c64 = arith.constant 64 : index
      %3 = arith.muli %arg4, %c64 : index
      %4 = arith.muli %arg3, %c64 : index
      tile.copy %2[%c0, %c0] [64, 64] to %arg2[%3, %4] [64, 64] : memref<64x64xf32, #tile.scope<fragment>> to memref<256x256xbf16, #tile.scope<global>>
    }
  }
}

