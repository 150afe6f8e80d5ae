// RUN: tilewright-opt %s --tt-split-device-kernel="chip=n150" | FileCheck %s --check-prefix=SPLIT
// RUN: tilewright-opt %s --tt-split-device-kernel="chip=n150" --tt-configure-tensor-accessor --tt-lower-cb-intrinsics | FileCheck %s --check-prefix=CALLS

// The writer reads what it has written: after the acknowledgement of its writes.

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
#cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 2>
!tensor = !tt.tensor<"A", outer = 1, rows = 64, cols = 32, f32, #dram>
!block = !tt.block<1x1xf32>

// SPLIT: metalium.circular_buffer @cb_X {{.*}}reader{{.*}}compute
// SPLIT: metalium.circular_buffer @cb_Y {{.*}}writer{{.*}}compute
// SPLIT: metalium.kernel @reader
// SPLIT: tt.read_to_cb
// SPLIT-NOT: tt.read_to_cb
// SPLIT: metalium.kernel @compute
// SPLIT: metalium.kernel @writer
// SPLIT: tt.write_from_cb
// SPLIT: tt.read_to_cb {{.*}} ordered
// CALLS: metalium.kernel @writer
// CALLS: noc_async_write_page
// CALLS: noc_async_write_barrier
// CALLS: cb_pop_front
// CALLS: noc_async_write_barrier
// CALLS: cb_reserve_back
// CALLS: noc_async_read_page
// CALLS: noc_async_read_barrier
// CALLS: cb_push_back
tile.func @f(%A: memref<64x32xf32, #dram>) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : memref<64x32xf32, #dram> -> !tensor
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %X = tt.alloc_cb "X" : !tt.cb<#cb>
    %Y = tt.alloc_cb "Y" : !tt.cb<#cb>
    %O = tt.alloc_cb "O" : !tt.cb<#cb>
    %P = tt.alloc_cb "P" : !tt.cb<#cb>
    %x = tt.read_to_cb %X, %tA[%c0, %c0, %c0] : !tt.cb<#cb>, !tensor -> !block
    %o = tt.section outs(%O : !tt.cb<#cb>) <1, 1> {
      %e = tt.sfpu.unary exp %x : !block -> !block
      tt.yield %e : !block
    } : !block
    tt.write_from_cb %O, %o, %tA[%c0, %c1, %c0] : !tt.cb<#cb>, !block, !tensor
    %y = tt.read_to_cb %Y, %tA[%c0, %c1, %c0] ordered : !tt.cb<#cb>, !tensor -> !block
    %p = tt.section outs(%P : !tt.cb<#cb>) <1, 1> {
      %e = tt.sfpu.unary exp %y : !block -> !block
      tt.yield %e : !block
    } : !block
    tt.write_from_cb %P, %p, %tA[%c0, %c0, %c0] : !tt.cb<#cb>, !block, !tensor
  }
}
