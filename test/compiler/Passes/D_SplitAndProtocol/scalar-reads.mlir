// RUN: tilewright-opt %s --tt-split-device-kernel="chip=n150" | FileCheck %s --check-prefix=SPLIT
// RUN: tilewright-opt %s --tt-split-device-kernel="chip=p150" | FileCheck %s --check-prefix=P150
// RUN: tilewright-opt %s --tt-split-device-kernel="chip=n150" --tt-configure-tensor-accessor --tt-lower-cb-intrinsics | FileCheck %s --check-prefix=CALLS

// What is read at once is the alignment of DRAM reads of the chip.
// The reader hands the compute kernel the bound of its loop; the writer reads
// the row it writes to itself.

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
#ints = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Int32>
#cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 2>
!tensor = !tt.tensor<"A", outer = 1, rows = 64, cols = 32, f32, #dram>
!result = !tt.tensor<"C", outer = 1, rows = 64, cols = 32, f32, #dram>
!table = !tt.tensor<"n", outer = 1, rows = 1, cols = 40, i32, #ints>
!block = !tt.block<1x1xf32>

// P150: metalium.circular_buffer @cb_scalars {{.*}} Int32 pages 2 x 64 from reader to compute
// SPLIT: metalium.circular_buffer @cb_scalars {{.*}} Int32 pages 2 x 32 from reader to compute
// SPLIT: metalium.circular_buffer @cb_writer_scalar {{.*}} from writer to writer
// SPLIT-LABEL: metalium.kernel @reader
// SPLIT: tt.read_scalar {{.*}} compute %{{.*}} number 0
// SPLIT-NOT: tt.read_scalar
// SPLIT-LABEL: metalium.kernel @compute
// SPLIT: tt.receive_scalar %{{.*}} number 0
// SPLIT-NOT: tt.receive_scalar
// SPLIT-LABEL: metalium.kernel @writer
// SPLIT: tt.read_scalar {{.*}} writer %{{.*}} number 1

// CALLS-LABEL: metalium.kernel @reader
// CALLS: metalium.cb_reserve_back %[[CB:[a-z_0-9]+]]
// CALLS: %[[L1:.*]] = metalium.get_write_ptr %[[CB]]
// CALLS: metalium.noc_async_read %{{.*}}, %[[L1]], %c32
// CALLS: metalium.noc_async_read_barrier
// CALLS: %[[WORD:.*]] = metalium.l1_load_u32
// CALLS: metalium.l1_store_u32 %[[WORD]], %[[L1]]
// CALLS: metalium.cb_push_back %[[CB]]
// CALLS: %[[VALUE:.*]] = metalium.common_value %[[WORD]] number 0
// CALLS: scf.for
// CALLS: noc_async_read_page
// CALLS-LABEL: metalium.kernel @compute
// CALLS: metalium.cb_wait_front %[[IN:[a-z_0-9]+]]
// CALLS: %[[READ:.*]] = metalium.read_tile_value %[[IN]]
// CALLS: metalium.cb_pop_front %[[IN]]
// CALLS: metalium.common_value %[[READ]] number 0
tile.func @f(%A: memref<64x32xf32, #dram>, %n: memref<40xi32, #ints>, %C: memref<64x32xf32, #dram>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"n", param>, #tile.tensor<"C", param>] {
  %tA = tt.accessor %A : memref<64x32xf32, #dram> -> !tensor
  %tn = tt.accessor %n : memref<40xi32, #ints> -> !table
  %tC = tt.accessor %C : memref<64x32xf32, #dram> -> !result
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c33 = arith.constant 33 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %X = tt.alloc_cb "X" : !tt.cb<#cb>
    %O = tt.alloc_cb "O" : !tt.cb<#cb>
    %end = tt.read_scalar %tn[%c0, %c0, %c33] signed : !table
    %row = tt.read_scalar %tn[%c0, %c0, %c1] signed : !table
    %upper = arith.index_cast %end : i32 to index
    %r = arith.index_cast %row : i32 to index
    scf.for %i = %c0 to %upper step %c1 {
      %x = tt.read_to_cb %X, %tA[%c0, %i, %c0] : !tt.cb<#cb>, !tensor -> !block
      %o = tt.section outs(%O : !tt.cb<#cb>) <1, 1> {
        %e = tt.sfpu.unary exp %x : !block -> !block
        tt.yield %e : !block
      } : !block
      tt.write_from_cb %O, %o, %tC[%c0, %r, %c0] : !tt.cb<#cb>, !block, !result
    }
  }
}
