// RUN: tilewright-opt %s --tt-insert-compute-init --tt-insert-dst-management | FileCheck %s

// A fold loads the first tile of a row as its result and each other one beside
// it; the rest of the section works in place. Inits stand before the fold.
// CHECK-LABEL: @row_maximum
// CHECK: metalium.copy_init
// CHECK: scf.for
// CHECK: metalium.tile_regs_acquire
// CHECK: metalium.binary_max_tile_init
// CHECK: scf.for %[[T:[a-z0-9_]+]] = %[[C0:[a-z0-9_]+]] to %[[C2:[a-z0-9_]+]]
// CHECK-NEXT: %[[FIRST:.*]] = arith.muli %[[T]], %[[C4:[a-z0-9_]+]]
// CHECK-NEXT: metalium.copy_tile %[[X:[a-z0-9_]+]], %[[FIRST]], %[[T]]
// CHECK-NEXT: scf.for %[[K:[a-z0-9_]+]] = %[[C1:[a-z0-9_]+]] to %[[C4]] step %[[C1]] {
// CHECK-NEXT: %[[TILE:.*]] = arith.addi %[[FIRST]], %[[K]]
// CHECK-NEXT: metalium.copy_tile %[[X]], %[[TILE]], %[[C2]]
// CHECK-NEXT: metalium.binary_max_tile %[[T]], %[[C2]], %[[T]]
// CHECK: metalium.sfpu_reduce_init MAX Float32
// CHECK: metalium.sfpu_reduce MAX REDUCE_ROW Float32 %{{.*}}
// CHECK: metalium.pack_block %[[C0]], %{{.*}}, %[[C2]]
// CHECK-NOT: tt.
metalium.program @row_maximum chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_x index 0 Float32 pages 8 x 4096 from reader to compute unpack_to_dest_fp32
  metalium.circular_buffer @cb_m index 1 Float32 pages 2 x 4096 from compute to writer
  metalium.kernel @compute compute {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c8 = arith.constant 8 : index
    %count = metalium.arg "count" work_count
    %x_cb = metalium.cb_ref @cb_x
    %m_cb = metalium.cb_ref @cb_m
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_wait_front %x_cb, %c8
      %x = tt.receive %x_cb : !metalium.cb -> !tt.block<2x4xf32>
      metalium.cb_reserve_back %m_cb, %c2
      %s = tt.section outs(%m_cb : !metalium.cb) <2, 1> {
        %f = tt.fold max row %x : !tt.block<2x4xf32> -> !tt.block<2x1xf32>
        %r = tt.sfpu.reduce max row %f : !tt.block<2x1xf32> -> !tt.block<2x1xf32>
        tt.yield %r : !tt.block<2x1xf32>
      } : !tt.block<2x1xf32>
      metalium.cb_push_back %m_cb, %c2
      metalium.cb_pop_front %x_cb, %c8
    }
  }
}
