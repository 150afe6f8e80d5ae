// RUN: tilewright-opt %s -split-input-file --tt-lower-cb-intrinsics | FileCheck %s

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#col = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 4, depth = 2>

// Two reads that follow each other share a barrier. All tiles are inside the
// tensors, so nothing is checked; one loop is enough for each block.
//
// CHECK-LABEL: metalium.program @group
// CHECK: scf.for %[[ITEM:.*]] = %
// CHECK: metalium.cb_reserve_back %[[CBA:.*]], %c4
// CHECK-NEXT: %[[L1:.*]] = metalium.get_write_ptr %[[CBA]]
// CHECK-NEXT: scf.for %[[R:.*]] = %c0 to %c4 step %c1 iter_args(%[[P:.*]] = %[[L1]])
// CHECK-NEXT: %[[ROW:.*]] = arith.addi %{{.*}}, %[[R]]
// CHECK-NEXT: %[[LINE:.*]] = arith.muli %[[ROW]], %c8
// CHECK-NEXT: %[[PAGE:.*]] = arith.addi %[[LINE]], %[[K:.*]] :
// CHECK-NEXT: metalium.noc_async_read_page %[[PAGE]], %[[A:.*]], %[[P]]
// CHECK-NEXT: %[[NEXT:.*]] = arith.addi %[[P]], %c2048
// CHECK-NEXT: scf.yield %[[NEXT]]
// CHECK-NEXT: }
// CHECK-NEXT: metalium.cb_reserve_back %[[CBB:.*]], %c4
// CHECK-NOT: metalium.noc_async_read_barrier
// CHECK: scf.for
// CHECK: metalium.noc_async_read_page
// CHECK: metalium.noc_async_read_barrier
// CHECK-NEXT: metalium.cb_push_back %[[CBA]], %c4
// CHECK-NEXT: metalium.cb_push_back %[[CBB]], %c4
// CHECK-NOT: scf.if
metalium.program @group chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [2], cores = [1, 1], starts = [0], counts = [2]>) {
  metalium.tensor @A input memref<256x256xbf16, #dram>
  metalium.tensor @B input memref<256x256xbf16, #dram>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 8 x 2048 from reader to compute buffer "A_shared"
  metalium.circular_buffer @cb_B index 1 Float16_b pages 8 x 2048 from reader to compute buffer "B_shared"
  metalium.kernel @reader reader {
    %aa = metalium.arg "A_addr" tensor_address "A"
    %ba = metalium.arg "B_addr" tensor_address "B"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cba = tt.cb_ref @cb_A : !tt.cb<#col>
    %cbb = tt.cb_ref @cb_B : !tt.cb<#col>
    %ad = metalium.tensor_accessor_args "A"
    %bd = metalium.tensor_accessor_args "B" after %ad
    %a = metalium.tensor_accessor %ad, %aa {page_bytes = 2048 : i64}
    %b = metalium.tensor_accessor %bd, %ba {page_bytes = 2048 : i64}
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      scf.for %k = %c0 to %c8 step %c1 {
        %m = arith.muli %item, %c4 : index
        %x = tt.read_to_cb %cba, %a[%c0, %m, %k] : !tt.cb<#col>, !metalium.accessor -> !tt.block<4x1xbf16>
        %y = tt.read_to_cb %cbb, %b[%c0, %k, %m] : !tt.cb<#col>, !metalium.accessor -> !tt.block<1x4xbf16>
      }
    }
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [1, 2], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 4, depth = 2>

// 200 rows are 7 rows of tiles, and the last block begins at row 6: rows are
// checked, columns and planes are not. Tiles outside become zeros.
//
// CHECK-LABEL: metalium.program @edge
// CHECK: %[[BASE:.*]] = metalium.mem_zeros_base
// CHECK-NEXT: %[[ZEROS:.*]] = metalium.get_local_noc_addr %[[BASE]]
// CHECK: scf.for
// CHECK: scf.for %[[R:.*]] = %c0 to %c2
// CHECK-NEXT: scf.for %[[C:.*]] = %c0 to %c2 step %c1 iter_args(%[[P:.*]] =
// CHECK: %[[ROW:.*]] = arith.addi %{{.*}}, %[[R]]
// CHECK: %[[IN:.*]] = arith.cmpi ult, %[[ROW]], %c7
// CHECK-NEXT: scf.if %[[IN]]
// CHECK: metalium.noc_async_read_page %{{.*}}, %{{.*}}, %[[P]]
// CHECK-NEXT: } else {
// CHECK-NEXT: %[[STEP:.*]] = metalium.mem_zeros_size
// CHECK-NEXT: scf.for %[[O:.*]] = %c0 to %c2048 step %[[STEP]]
// CHECK-NEXT: %[[AT:.*]] = arith.addi %[[P]], %[[O]]
// CHECK-NEXT: metalium.noc_async_read %[[ZEROS]], %[[AT]], %[[STEP]]
metalium.program @edge chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [2, 4, 3], cores = [1, 1], starts = [0], counts = [24]>) {
  metalium.tensor @A input memref<3x200x128xbf16, #dram>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 8 x 2048 from reader to compute
  metalium.kernel @reader reader {
    %aa = metalium.arg "A_addr" tensor_address "A"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cba = tt.cb_ref @cb_A : !tt.cb<#cb>
    %ad = metalium.tensor_accessor_args "A"
    %a = metalium.tensor_accessor %ad, %aa {page_bytes = 2048 : i64}
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %bx = arith.remui %item, %c2 : index
      %rest = arith.divui %item, %c2 : index
      %by = arith.remui %rest, %c4 : index
      %bz = arith.divui %item, %c8 : index
      %n = arith.muli %bx, %c2 : index
      %m = arith.muli %by, %c2 : index
      %x = tt.read_to_cb %cba, %a[%bz, %m, %n] : !tt.cb<#cb>, !metalium.accessor -> !tt.block<2x2xbf16>
    }
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 6, depth = 1>
#one = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 1>

// Whole rows of the tensor are one run of pages. Reads into one circular buffer
// from two places are not put off: each has its barrier and its push. A block
// of one tile needs no loop; x % 2 and x / 2 are known where x is 0 or 1.
//
// CHECK-LABEL: metalium.program @runs
// CHECK: scf.for %[[ITEM:.*]] = %
// CHECK: metalium.cb_reserve_back %[[W:.*]], %c6
// CHECK: scf.for %[[T:.*]] = %c0 to %c6
// CHECK: metalium.noc_async_read_barrier
// CHECK-NEXT: metalium.cb_push_back %[[W]], %c6
// CHECK: metalium.cb_reserve_back %[[CB:.*]], %c1
// CHECK-NEXT: %[[L1:.*]] = metalium.get_write_ptr %[[CB]]
// CHECK-NEXT: metalium.noc_async_read_page %[[ITEM]], %{{.*}}, %[[L1]]
// CHECK-NEXT: metalium.noc_async_read_barrier
// CHECK-NEXT: metalium.cb_push_back %[[CB]], %c1
// CHECK-NEXT: metalium.cb_reserve_back %[[CB]], %c1
// CHECK-NEXT: %[[L2:.*]] = metalium.get_write_ptr %[[CB]]
// CHECK-NEXT: metalium.noc_async_read_page %c0, %{{.*}}, %[[L2]]
// CHECK-NEXT: metalium.noc_async_read_barrier
// CHECK-NEXT: metalium.cb_push_back %[[CB]], %c1
metalium.program @runs chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [2], cores = [1, 1], starts = [0], counts = [2]>) {
  metalium.tensor @A input memref<128x96xbf16, #dram>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 6 x 2048 from reader to compute
  metalium.circular_buffer @cb_B index 1 Float16_b pages 1 x 2048 from reader to compute
  metalium.kernel @reader reader {
    %aa = metalium.arg "A_addr" tensor_address "A"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cba = tt.cb_ref @cb_A : !tt.cb<#cb>
    %cbb = tt.cb_ref @cb_B : !tt.cb<#one>
    %ad = metalium.tensor_accessor_args "A"
    %a = metalium.tensor_accessor %ad, %aa {page_bytes = 2048 : i64}
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %bx = arith.remui %item, %c2 : index
      %by = arith.divui %item, %c2 : index
      %m = arith.muli %bx, %c2 : index
      %w = tt.read_to_cb %cba, %a[%c0, %m, %c0] : !tt.cb<#cb>, !metalium.accessor -> !tt.block<2x3xbf16>
      %x = tt.read_to_cb %cbb, %a[%c0, %c0, %bx] : !tt.cb<#one>, !metalium.accessor -> !tt.block<1x1xbf16>
      %y = tt.read_to_cb %cbb, %a[%c0, %by, %c0] : !tt.cb<#one>, !metalium.accessor -> !tt.block<1x1xbf16>
    }
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 6, depth = 1>

// A transposed read: tile (r, c) of the block is tile (c, r) of the tensor, and
// the last column of blocks ends outside the tensor.
//
// CHECK-LABEL: metalium.program @transposed
// CHECK: scf.for %[[R:.*]] = %c0 to %c2
// CHECK-NEXT: scf.for %[[C:.*]] = %c0 to %c3
// CHECK-DAG: %[[COL:.*]] = arith.addi %{{.*}}, %[[R]]
// CHECK-DAG: arith.cmpi ult, %[[COL]], %c5
// CHECK: scf.if
// CHECK: %[[LINE:.*]] = arith.muli %[[C]], %c5
// CHECK: %[[PAGE:.*]] = arith.addi %[[LINE]], %[[COL]]
// CHECK: metalium.noc_async_read_page %[[PAGE]]
metalium.program @transposed chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [3], cores = [1, 1], starts = [0], counts = [3]>) {
  metalium.tensor @B input memref<96x160xbf16, #dram>
  metalium.circular_buffer @cb_B index 0 Float16_b pages 6 x 2048 from reader to compute
  metalium.kernel @reader reader {
    %ba = metalium.arg "B_addr" tensor_address "B"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cbb = tt.cb_ref @cb_B : !tt.cb<#cb>
    %bd = metalium.tensor_accessor_args "B"
    %b = metalium.tensor_accessor %bd, %ba {page_bytes = 2048 : i64}
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %n = arith.muli %item, %c2 : index
      %y = tt.read_to_cb %cbb, %b[%c0, %c0, %n] transposed : !tt.cb<#cb>, !metalium.accessor -> !tt.block<2x3xbf16>
    }
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 2, depth = 1>

// k * 2 has no name in the source: it is repeated where it is used.
//
// CHECK-LABEL: metalium.program @repeat
// CHECK: scf.for %[[K:.*]] = %c0 to %c2
// CHECK-COUNT-2: arith.muli %[[K]], %c2
metalium.program @repeat chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.tensor @A input memref<128x128xbf16, #dram>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 2 x 2048 from reader to compute
  metalium.circular_buffer @cb_B index 1 Float16_b pages 2 x 2048 from reader to compute
  metalium.kernel @reader reader {
    %aa = metalium.arg "A_addr" tensor_address "A"
    %cba = tt.cb_ref @cb_A : !tt.cb<#cb>
    %cbb = tt.cb_ref @cb_B : !tt.cb<#cb>
    %ad = metalium.tensor_accessor_args "A"
    %a = metalium.tensor_accessor %ad, %aa {page_bytes = 2048 : i64}
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    scf.for %k = %c0 to %c2 step %c1 {
      %k2 = arith.muli %k, %c2 : index
      %x = tt.read_to_cb %cba, %a[%c0, %k2, %c1] : !tt.cb<#cb>, !metalium.accessor -> !tt.block<2x1xbf16>
      %y = tt.read_to_cb %cbb, %a[%c0, %c1, %k2] : !tt.cb<#cb>, !metalium.accessor -> !tt.block<1x2xbf16>
    }
  }
}
