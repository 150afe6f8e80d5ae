// RUN: tilewright-opt %s --tt-insert-compute-init --tt-insert-dst-management | FileCheck %s
// RUN: tilewright-opt %s --tt-insert-compute-init=elide=false --tt-insert-dst-management | FileCheck %s --check-prefix=PLAIN

// PLAIN-NOT: tt.

// Accumulation in L1: sub-blocks of 2x2 tiles, packed at their index.
// CHECK-LABEL: @matmul
// CHECK: scf.for %[[ITEM:[a-z0-9_]+]] = %[[C0:[a-z0-9_]+]] to
// CHECK: scf.for %[[K:[a-z0-9_]+]] =
// CHECK: scf.for %[[R:[a-z0-9_]+]] = %[[C0]] to %[[C4:[a-z0-9_]+]] step %[[C2:[a-z0-9_]+]] {
// CHECK-NEXT: scf.for %[[C:[a-z0-9_]+]] = %[[C0]] to %[[C4]] step %[[C2]] {
// CHECK-NEXT: metalium.tile_regs_acquire
// CHECK-NEXT: metalium.matmul_block %[[A:[a-z0-9_]+]], %[[B:[a-z0-9_]+]], %[[R]], %[[C]], %[[C0]] {ct = 2 : i64, kt = 1 : i64, rt = 2 : i64}
// CHECK-NEXT: metalium.tile_regs_commit
// CHECK-NEXT: metalium.tile_regs_wait
// CHECK-NEXT: scf.for %[[I:[a-z0-9_]+]] = %[[C0]] to %[[C2]]
// CHECK-NEXT: scf.for %[[J:[a-z0-9_]+]] = %[[C0]] to %[[C2]]
// CHECK: metalium.pack_tile %{{.*}}, %{{.*}} at %{{.*}}
// CHECK: metalium.tile_regs_release
// The cast to bf16: tiles in order, one pack a sub-block.
// CHECK: metalium.copy_init
// CHECK: scf.for %[[TILE:[a-z0-9_]+]] = %[[C0]] to %[[C16:[a-z0-9_]+]] step %[[C4]] {
// CHECK-NEXT: metalium.tile_regs_acquire
// CHECK-NEXT: scf.for %[[T:[a-z0-9_]+]] = %[[C0]] to %[[C4]]
// CHECK-NEXT: %[[AT:[a-z0-9_]+]] = arith.addi %[[TILE]], %[[T]]
// CHECK-NEXT: metalium.copy_tile %{{.*}}, %[[AT]], %[[T]]
// CHECK: metalium.tile_regs_commit
// CHECK-NEXT: metalium.tile_regs_wait
// CHECK-NEXT: metalium.pack_block %[[C0]], %{{.*}}, %[[C4]]
// CHECK-NEXT: metalium.tile_regs_release
// CHECK-NOT: tt.
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

// The K loop runs inside one section.
// CHECK-LABEL: @resident
// CHECK: metalium.tile_regs_acquire
// CHECK-NEXT: scf.for
// CHECK-NEXT: metalium.cb_wait_front
// CHECK-NEXT: metalium.cb_wait_front
// CHECK-NEXT: scf.for %[[KK:[a-z0-9_]+]] = %[[C0:[a-z0-9_]+]] to %[[C2:[a-z0-9_]+]] step
// CHECK-NEXT: %[[ROW:[a-z0-9_]+]] = arith.muli %[[KK]], %[[C2]]
// CHECK-NEXT: metalium.matmul_block %{{.*}}, %{{.*}}, %[[KK]], %[[ROW]], %[[C0]] {{.*}}transpose}
// CHECK-NEXT: }
// CHECK-NEXT: metalium.cb_pop_front
// CHECK-NEXT: metalium.cb_pop_front
// CHECK-NEXT: }
// CHECK-NEXT: scf.for
// CHECK-NEXT: metalium.relu_tile
// CHECK-NEXT: }
// CHECK-NEXT: metalium.tile_regs_commit
// CHECK-NEXT: metalium.tile_regs_wait
// CHECK-NEXT: metalium.pack_block
// CHECK-NEXT: metalium.tile_regs_release
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

// CHECK-LABEL: @add_bf16
// CHECK: cb_reserve_back
// CHECK-NEXT: scf.for %[[TILE:[a-z0-9_]+]] = %[[C0:[a-z0-9_]+]] to %{{.*}} step
// CHECK-NEXT: metalium.tile_regs_acquire
// CHECK-NEXT: scf.for %[[T:[a-z0-9_]+]] =
// CHECK-NEXT: %[[AT:[a-z0-9_]+]] = arith.addi %[[TILE]], %[[T]]
// CHECK-NEXT: metalium.add_tiles %{{.*}}, %{{.*}}, %[[AT]], %[[AT]], %[[T]]
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

// One tile a sub-block: no loop over tiles. A binary function writes over an operand
// that is dead.
// CHECK-LABEL: @bias_gelu
// CHECK: scf.for %[[ITEM:[a-z0-9_]+]] =
// CHECK: scf.for %[[R:[a-z0-9_]+]] =
// CHECK-NEXT: scf.for %[[C:[a-z0-9_]+]] =
// CHECK-NEXT: metalium.tile_regs_acquire
// CHECK: metalium.unary_bcast ROW %{{.*}}, %[[C]], %c0
// CHECK: metalium.copy_tile
// CHECK-NEXT: metalium.add_binary_tile_init
// CHECK: metalium.add_binary_tile %[[A:[a-z0-9_]+]], %c0, %[[A2:[a-z0-9_]+]]
// CHECK: metalium.gelu_tile %c0
// CHECK: metalium.pack_reconfig_data_format %[[CB:[a-z0-9_]+]]
// CHECK-NEXT: metalium.pack_tile %c0, %[[CB]]
// CHECK-NEXT: metalium.pack_reconfig_data_format %[[DB:[a-z0-9_]+]]
// CHECK-NEXT: metalium.pack_tile %{{.*}}, %[[DB]]
// CHECK-NEXT: metalium.tile_regs_release
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

// An accumulator that comes from a circular buffer, directly or by a cast, is loaded;
// the product is added to it in its place.
// CHECK-LABEL: @loaded_accumulator
// CHECK: metalium.tile_regs_acquire
// CHECK: metalium.copy_tile %[[C:[a-z0-9_]+]], %c0, %c0
// CHECK: metalium.matmul_block %[[A:[a-z0-9_]+]], %{{.*}}, %c0, %c0, %c0 {
// CHECK: metalium.pack_tile %c0
// CHECK: metalium.tile_regs_acquire
// CHECK: metalium.copy_tile %[[C]], %c0, %c0
// CHECK: metalium.matmul_block %[[A]], %{{.*}}, %c0, %c0, %c0 {
// CHECK: metalium.pack_tile %c0
metalium.program @loaded_accumulator chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float16_b pages 1 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float32 pages 1 x 4096 from reader to compute unpack_to_dest_fp32
  metalium.circular_buffer @cb_D index 2 Float32 pages 2 x 4096 from compute to writer
  metalium.kernel @compute compute {
    %a_cb = metalium.cb_ref @cb_A
    %c_cb = metalium.cb_ref @cb_C
    %d_cb = metalium.cb_ref @cb_D
    %a = tt.receive %a_cb : !metalium.cb -> !tt.block<1x1xbf16>
    %c = tt.receive %c_cb : !metalium.cb -> !tt.block<1x1xf32>
    %s = tt.section outs(%d_cb : !metalium.cb) <1, 1> {
      %0 = tt.mm.mma %a, %a, %c : !tt.block<1x1xbf16>, !tt.block<1x1xbf16>, !tt.block<1x1xf32> -> !tt.block<1x1xf32>
      tt.yield %0 : !tt.block<1x1xf32>
    } : !tt.block<1x1xf32>
    %t = tt.section outs(%d_cb : !metalium.cb) <1, 1> {
      %l = tt.cast %c : !tt.block<1x1xf32> -> !tt.block<1x1xf32>
      %0 = tt.mm.mma %a, %a, %l : !tt.block<1x1xbf16>, !tt.block<1x1xbf16>, !tt.block<1x1xf32> -> !tt.block<1x1xf32>
      tt.yield %0 : !tt.block<1x1xf32>
    } : !tt.block<1x1xf32>
  }
}
