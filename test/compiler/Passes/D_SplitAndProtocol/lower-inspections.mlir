// RUN: tilewright-opt %s --tt-lower-cb-intrinsics | FileCheck %s

#cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 2, depth = 1>

// The writer waits for the block, walks the part that counts, and gives it
// back. A check looks at the bits, and stops behind a line on the console.
//
// CHECK-LABEL: metalium.program @f
// CHECK: metalium.dprint_place {message = "k", place = "lower-inspections.mlir:{{[0-9]+}}"}
// CHECK: metalium.dprint_value %c7
// CHECK: metalium.cb_wait_front %[[CB:.*]], %c2
// CHECK-NEXT: %[[L1:.*]] = metalium.get_read_ptr %[[CB]]
// CHECK-NEXT: metalium.dprint_place {message = "a \\\22b\\\22"
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c5
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c40
// CHECK: metalium.dprint_f32
// CHECK: metalium.dprint_endl
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c40
// CHECK: %[[BITS:.*]] = metalium.l1_load_u32
// CHECK: %[[ZERO:.*]] = arith.cmpi eq, %[[BITS]], %c0
// CHECK: scf.if %[[ZERO]]
// CHECK: metalium.dprint_place {message = "device_assert failed: a"
// CHECK: metalium.assert %c0
// CHECK-NOT: barrier
// CHECK: metalium.cb_pop_front %[[CB]], %c2
metalium.program @f chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [2], cores = [1, 1], starts = [0], counts = [2]>) {
  metalium.circular_buffer @cb_s index 0 Float32 pages 2 x 4096 from compute to writer
  metalium.kernel @writer writer {
    %cb = tt.cb_ref @cb_s : !tt.cb<#cb>
    %c0 = arith.constant 0 : index
    %c7 = arith.constant 7 : index
    tt.inspect "k" scalar %c7 : index
    %s = tt.receive %cb : !tt.cb<#cb> -> !tt.block<1x2xf32>
    tt.inspect "a \22b\22" block %s[%c0, %c0] [5, 40] through %cb : !tt.block<1x2xf32>, !tt.cb<#cb>
    tt.inspect check "a" block %s[%c0, %c0] [1, 40] through %cb : !tt.block<1x2xf32>, !tt.cb<#cb>
  }
}
