// RUN: tilewright-opt %s --tt-insert-compute-init | FileCheck %s
// RUN: tilewright-opt %s --tt-insert-compute-init=elide=false | FileCheck %s --check-prefix=PLAIN
// RUN: tilewright-opt %s --tt-insert-compute-init=metalium-api=2026-03 | FileCheck %s --check-prefix=M03

// The accumulator lives in L1: one short init a phase and item, the switch of the
// packer once a loop. Plainly, everything stands where it is needed.
// CHECK-LABEL: @matmul
// The start-up call sets the formats that an item ends with: SrcA has fp32, the
// packer bf16.
// CHECK: %[[A:.*]] = metalium.cb_ref @cb_A_shared
// CHECK: %[[B:.*]] = metalium.cb_ref @cb_B_shared
// CHECK: %[[ACC:.*]] = metalium.cb_ref @cb_C_local
// CHECK: metalium.compute_kernel_hw_startup %[[A]], %[[ACC]] -> %[[A]] {reverse}
// CHECK: scf.for
// CHECK: metalium.reconfig_data_format_srca %[[B]]
// CHECK-NEXT: metalium.matmul_block_init %[[A]], %[[B]] {ct = 2 : i64, kt = 1 : i64, rt = 2 : i64}
// CHECK-NEXT: metalium.pack_reconfig_data_format %[[ACC]]
// CHECK-NEXT: scf.for %[[K:.*]] = %[[C0:.*]] to
// CHECK-NOT: init
// CHECK: tt.section accumulate
// CHECK: %[[FIRST:.*]] = arith.cmpi eq, %[[K]], %[[C0]]
// CHECK-NEXT: scf.if %[[FIRST]]
// CHECK-NEXT: metalium.pack_reconfig_l1_acc {enable}
// CHECK: metalium.pack_reconfig_l1_acc{{$}}
// CHECK-NEXT: metalium.cb_push_back %[[ACC]]
// CHECK: metalium.reconfig_data_format_srca %[[ACC]]
// CHECK-NEXT: metalium.copy_init %[[ACC]]
// CHECK-NEXT: metalium.pack_reconfig_data_format
// CHECK-NEXT: tt.section outs

// PLAIN-LABEL: @matmul
// PLAIN: tt.receive
// PLAIN: tt.receive
// PLAIN: scf.if
// PLAIN-NEXT: metalium.pack_reconfig_l1_acc {enable}
// PLAIN-NEXT: else
// PLAIN-NEXT: metalium.pack_reconfig_l1_acc{{$}}
// PLAIN: tt.section accumulate
// PLAIN: metalium.reconfig_data_format %[[A:.*]], %[[B:.*]] {reverse}
// PLAIN-NEXT: metalium.matmul_block_init %[[A]], %[[B]]
// PLAIN-NEXT: tt.mm.mma
// PLAIN-NEXT: metalium.pack_reconfig_data_format
// PLAIN-NEXT: tt.yield
// PLAIN: metalium.pack_reconfig_l1_acc{{$}}

// M03-LABEL: @matmul
// M03-NOT: compute_kernel_hw_startup
// M03: metalium.mm_block_init %{{.*}}, %{{.*}}, %{{.*}} {ct = 2 : i64, kt = 1 : i64, rt = 2 : i64}
metalium.program @matmul chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A_shared index 0 Float16_b pages 8 x 2048 from reader to compute
  metalium.circular_buffer @cb_B_shared index 1 Float16_b pages 8 x 2048 from reader to compute
  metalium.circular_buffer @cb_C_local index 2 Float32 pages 16 x 4096 from compute to compute unpack_to_dest_fp32
  metalium.circular_buffer @cb_C index 3 Float16_b pages 16 x 2048 from compute to writer
  metalium.kernel @compute compute {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %c16 = arith.constant 16 : index
    %c32 = arith.constant 32 : index
    %count = metalium.arg "count" work_count
    %a_cb = metalium.cb_ref @cb_A_shared
    %b_cb = metalium.cb_ref @cb_B_shared
    %acc_cb = metalium.cb_ref @cb_C_local
    %c_cb = metalium.cb_ref @cb_C
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_reserve_back %acc_cb, %c16
      %z = tt.fill 0.0 : f32 -> !tt.block<4x4xf32>
      %acc = scf.for %k = %c0 to %c32 step %c1 iter_args(%p = %z) -> (!tt.block<4x4xf32>) {
        metalium.cb_wait_front %a_cb, %c4
        %a = tt.receive %a_cb : !metalium.cb -> !tt.block<4x1xbf16>
        metalium.cb_wait_front %b_cb, %c4
        %b = tt.receive %b_cb : !metalium.cb -> !tt.block<1x4xbf16>
        %s = tt.section accumulate(%p : !tt.block<4x4xf32>) outs(%acc_cb : !metalium.cb) <2, 2> {
          %0 = tt.mm.mma %a, %b, %p : !tt.block<4x1xbf16>, !tt.block<1x4xbf16>, !tt.block<4x4xf32> -> !tt.block<4x4xf32>
          tt.yield %0 : !tt.block<4x4xf32>
        } : !tt.block<4x4xf32>
        metalium.cb_pop_front %a_cb, %c4
        metalium.cb_pop_front %b_cb, %c4
        scf.yield %s : !tt.block<4x4xf32>
      }
      metalium.cb_push_back %acc_cb, %c16
      metalium.cb_wait_front %acc_cb, %c16
      %l = tt.receive %acc_cb : !metalium.cb -> !tt.block<4x4xf32>
      metalium.cb_reserve_back %c_cb, %c16
      %o = tt.section outs(%c_cb : !metalium.cb) <1, 4> {
        %1 = tt.cast %l : !tt.block<4x4xf32> -> !tt.block<4x4xbf16>
        tt.yield %1 : !tt.block<4x4xbf16>
      } : !tt.block<4x4xbf16>
      metalium.cb_push_back %c_cb, %c16
      metalium.cb_pop_front %acc_cb, %c16
    }
  }
}

// The accumulator stays in DST: every set-up call stands before the item loop.
// CHECK-LABEL: @resident
// CHECK: metalium.compute_kernel_hw_startup
// CHECK-NEXT: metalium.matmul_block_init {{.*}}transpose
// CHECK-NEXT: metalium.relu_tile_init
// CHECK-NEXT: scf.for
// CHECK-NOT: init
// CHECK-NOT: reconfig
// CHECK-LABEL: @add_bf16
metalium.program @resident chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float16_b pages 8 x 2048 from reader to compute
  metalium.circular_buffer @cb_B index 1 Float16_b pages 8 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 2 Float16_b pages 4 x 2048 from compute to writer
  metalium.kernel @compute compute {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %c32 = arith.constant 32 : index
    %count = metalium.arg "count" work_count
    %a_cb = metalium.cb_ref @cb_A
    %b_cb = metalium.cb_ref @cb_B
    %c_cb = metalium.cb_ref @cb_C
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_reserve_back %c_cb, %c4
      %s = tt.section outs(%c_cb : !metalium.cb) <2, 2> {
        %z = tt.fill 0.0 : f32 -> !tt.block<2x2xf32>
        %acc = scf.for %k = %c0 to %c32 step %c1 iter_args(%p = %z) -> (!tt.block<2x2xf32>) {
          metalium.cb_wait_front %a_cb, %c4
          %a = tt.receive %a_cb : !metalium.cb -> !tt.block<2x2xbf16>
          metalium.cb_wait_front %b_cb, %c4
          %b = tt.receive %b_cb : !metalium.cb -> !tt.block<2x2xbf16>
          %0 = tt.mm.mma %a, %b, %p transpose_b : !tt.block<2x2xbf16>, !tt.block<2x2xbf16>, !tt.block<2x2xf32> -> !tt.block<2x2xf32>
          metalium.cb_pop_front %a_cb, %c4
          metalium.cb_pop_front %b_cb, %c4
          scf.yield %0 : !tt.block<2x2xf32>
        }
        %1 = tt.sfpu.unary relu %acc : !tt.block<2x2xf32> -> !tt.block<2x2xf32>
        %2 = tt.cast %1 : !tt.block<2x2xf32> -> !tt.block<2x2xbf16>
        tt.yield %2 : !tt.block<2x2xbf16>
      } : !tt.block<2x2xbf16>
      metalium.cb_push_back %c_cb, %c4
    }
  }
}

// CHECK: metalium.compute_kernel_hw_startup %[[A:.*]], %[[B:.*]] -> %{{[0-9]+$}}
// CHECK-NEXT: metalium.add_init %[[A]], %[[B]]
// CHECK-NEXT: scf.for
// CHECK-NOT: init
// M03-LABEL: @add_bf16
// M03: metalium.binary_op_init_common
// M03-NEXT: metalium.add_init
metalium.program @add_bf16 chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float16_b pages 8 x 2048 from reader to compute
  metalium.circular_buffer @cb_B index 1 Float16_b pages 8 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 2 Float16_b pages 8 x 2048 from compute to writer
  metalium.kernel @compute compute {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c8 = arith.constant 8 : index
    %count = metalium.arg "count" work_count
    scf.for %item = %c0 to %count step %c1 {
      %a_cb = metalium.cb_ref @cb_A
      metalium.cb_wait_front %a_cb, %c8
      %a = tt.receive %a_cb : !metalium.cb -> !tt.block<2x4xbf16>
      %b_cb = metalium.cb_ref @cb_B
      metalium.cb_wait_front %b_cb, %c8
      %b = tt.receive %b_cb : !metalium.cb -> !tt.block<2x4xbf16>
      %c_cb = metalium.cb_ref @cb_C
      metalium.cb_reserve_back %c_cb, %c8
      %s = tt.section outs(%c_cb : !metalium.cb) <1, 4> {
        %0 = tt.fpu add %a, %b : !tt.block<2x4xbf16>, !tt.block<2x4xbf16> -> !tt.block<2x4xbf16>
        tt.yield %0 : !tt.block<2x4xbf16>
      } : !tt.block<2x4xbf16>
      metalium.cb_push_back %c_cb, %c8
      metalium.cb_pop_front %a_cb, %c8
      metalium.cb_pop_front %b_cb, %c8
    }
  }
}

// Operands of the vector unit are loaded; a value that is used again is copied before
// it is overwritten; division by 3 has no exact reciprocal; formats that change in the
// section are set again; what needs three tiles of DST gets a smaller sub-block.
// CHECK-LABEL: @bias_gelu
// CHECK: tt.section outs({{.*}}) <1, 1, reduced>
// CHECK-NEXT: metalium.reconfig_data_format_srca %[[BIAS:[0-9]+]]
// CHECK-NEXT: metalium.unary_bcast_init ROW %[[BIAS]], %[[C:[0-9]+]]
// CHECK-NEXT: %[[ROW:.*]] = tt.bcast row
// CHECK-NEXT: metalium.reconfig_data_format_srca %[[A:[0-9]+]]
// CHECK-NEXT: metalium.copy_init %[[A]]
// CHECK-NEXT: %[[LOAD:.*]] = tt.cast {{.*}} : <2x4xf32> -> <2x4xf32>
// CHECK-NEXT: metalium.add_binary_tile_init
// CHECK-NEXT: %[[SUM:.*]] = tt.sfpu.binary add %[[LOAD]], %[[ROW]]
// CHECK-NEXT: metalium.copy_dest_values_init
// CHECK-NEXT: %[[COPY:.*]] = tt.copy %[[SUM]]
// CHECK-NEXT: metalium.gelu_tile_init
// CHECK-NEXT: tt.sfpu.unary gelu %[[COPY]]
// CHECK: metalium.div_binary_tile_init
// CHECK-NEXT: tt.sfpu.binary div %[[SUM]]
// CHECK-NEXT: metalium.pack_reconfig_data_format %[[C]]
// CHECK-NEXT: metalium.pack_reconfig_data_format
// CHECK-NEXT: tt.yield
metalium.program @bias_gelu chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float32 pages 8 x 4096 from reader to compute unpack_to_dest_fp32
  metalium.circular_buffer @cb_bias index 1 Float16_b pages 4 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 2 Float16_b pages 8 x 2048 from compute to writer
  metalium.circular_buffer @cb_D index 3 Float32 pages 8 x 4096 from compute to writer
  metalium.kernel @compute compute {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c8 = arith.constant 8 : index
    %c4 = arith.constant 4 : index
    %count = metalium.arg "count" work_count
    %a_cb = metalium.cb_ref @cb_A
    %b_cb = metalium.cb_ref @cb_bias
    %c_cb = metalium.cb_ref @cb_C
    %d_cb = metalium.cb_ref @cb_D
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_wait_front %a_cb, %c8
      %a = tt.receive %a_cb : !metalium.cb -> !tt.block<2x4xf32>
      metalium.cb_wait_front %b_cb, %c4
      %b = tt.receive %b_cb : !metalium.cb -> !tt.block<1x4xbf16>
      metalium.cb_reserve_back %c_cb, %c8
      %s:2 = tt.section outs(%c_cb, %d_cb : !metalium.cb, !metalium.cb) <1, 4> {
        %0 = tt.bcast row %b : !tt.block<1x4xbf16> -> !tt.block<2x4xbf16>
        %1 = tt.sfpu.binary add %a, %0 : !tt.block<2x4xf32>, !tt.block<2x4xbf16> -> !tt.block<2x4xf32>
        %2 = tt.sfpu.unary gelu %1 : !tt.block<2x4xf32> -> !tt.block<2x4xf32>
        %3 = tt.cast %2 : !tt.block<2x4xf32> -> !tt.block<2x4xbf16>
        %4 = tt.sfpu.scalar div %1, 3.0 : !tt.block<2x4xf32> -> !tt.block<2x4xf32>
        tt.yield %3, %4 : !tt.block<2x4xbf16>, !tt.block<2x4xf32>
      } : !tt.block<2x4xbf16>, !tt.block<2x4xf32>
      metalium.cb_push_back %c_cb, %c8
      metalium.cb_pop_front %a_cb, %c8
      metalium.cb_pop_front %b_cb, %c4
    }
  }
}
