// RUN: tilewright-opt %s --tt-lower-cb-intrinsics | FileCheck %s

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 2, depth = 2>

// A block that is written to two places is waited for and popped once. The
// second place may leave the tensor in both directions: those tiles are
// dropped.
//
// CHECK-LABEL: metalium.program @f
// CHECK: scf.for
// CHECK: metalium.cb_wait_front %[[CB:.*]], %c2
// CHECK-NEXT: %[[L1:.*]] = metalium.get_read_ptr %[[CB]]
// CHECK-NEXT: scf.for %{{.*}} = %c0 to %c2 step %c1 iter_args(%{{.*}} = %[[L1]])
// CHECK-NOT: scf.if
// CHECK: metalium.noc_async_write_page
// CHECK: scf.for %{{.*}} = %c0 to %c2 step %c1 iter_args(%[[P:.*]] = %[[L1]])
// CHECK-DAG: %[[ROW:.*]] = arith.cmpi ult, %{{.*}}, %c2
// CHECK-DAG: %[[COL:.*]] = arith.cmpi ult, %{{.*}}, %c3
// CHECK: %[[IN:.*]] = arith.andi %[[ROW]], %[[COL]] : i1
// CHECK: scf.if %[[IN]] {
// CHECK: metalium.noc_async_write_page %{{.*}}, %{{.*}}, %[[P]]
// CHECK-NEXT: }
// CHECK-NOT: else
// CHECK: metalium.noc_async_write_barrier
// CHECK-NEXT: metalium.cb_pop_front %[[CB]], %c2
// CHECK-NOT: tt.
metalium.program @f chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [2], cores = [1, 1], starts = [0], counts = [2]>) {
  metalium.tensor @C output memref<64x96xbf16, #dram>
  metalium.circular_buffer @cb_C index 0 Float16_b pages 4 x 2048 from compute to writer
  metalium.kernel @writer writer {
    %ca = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = tt.cb_ref @cb_C : !tt.cb<#cb>
    %cd = metalium.tensor_accessor_args "C"
    %c = metalium.tensor_accessor %cd, %ca {page_bytes = 2048 : i64}
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %next = arith.addi %item, %c1 : index
      %o = tt.receive %cb : !tt.cb<#cb> -> !tt.block<1x2xbf16>
      tt.write_from_cb %cb, %o, %c[%c0, %item, %item] : !tt.cb<#cb>, !tt.block<1x2xbf16>, !metalium.accessor
      %two = arith.addi %next, %c1 : index
      tt.write_from_cb %cb, %o, %c[%c0, %next, %two] : !tt.cb<#cb>, !tt.block<1x2xbf16>, !metalium.accessor
    }
  }
}
