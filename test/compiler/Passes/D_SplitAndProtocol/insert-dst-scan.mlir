// RUN: tilewright-opt %s --tt-insert-compute-init --tt-insert-dst-management | FileCheck %s

// Running sums go down the columns of tiles, with nothing of the vector unit
// between them; only the first tile of a column starts from zero.
// CHECK: scf.for %[[COL:.*]] = %{{.*}} to %{{.*}} step
// CHECK: scf.for %[[ROW:.*]] = %[[ZERO:.*]] to %{{.*}} step
// CHECK: metalium.tile_regs_acquire
// CHECK: metalium.copy_tile
// CHECK: arith.cmpi eq, %[[ROW]], %[[ZERO]]
// CHECK: scf.if
// CHECK: metalium.cumsum_tile %{{.*}} {first}
// CHECK: else
// CHECK: metalium.cumsum_tile %{{[a-z0-9_]+}}{{$}}
// CHECK: metalium.pack_tile
metalium.program @sums chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float32 pages 64 x 4096 from reader to compute unpack_to_dest_fp32
  metalium.circular_buffer @cb_C index 1 Float32 pages 64 x 4096 from compute to writer
  metalium.kernel @compute compute {
    %c64 = arith.constant 64 : index
    %a_cb = metalium.cb_ref @cb_A
    %c_cb = metalium.cb_ref @cb_C
    metalium.cb_wait_front %a_cb, %c64
    %a = tt.receive %a_cb : !metalium.cb -> !tt.block<32x2xf32>
    metalium.cb_reserve_back %c_cb, %c64
    %s = tt.section outs(%c_cb : !metalium.cb) <4, 1> {
      %0 = tt.cumsum col %a : !tt.block<32x2xf32> -> !tt.block<32x2xf32>
      tt.yield %0 : !tt.block<32x2xf32>
    } : !tt.block<32x2xf32>
    metalium.cb_push_back %c_cb, %c64
    metalium.cb_pop_front %a_cb, %c64
  }
}
