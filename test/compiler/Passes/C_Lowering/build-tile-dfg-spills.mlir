// RUN: tilewright-opt %s -split-input-file -tt-build-tile-dfg | FileCheck %s

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
!cb = !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 2>>
!A = !tt.tensor<"A", outer = 1, rows = 32, cols = 32, f32, #dram>
!t = !tt.block<1x1xf32>

// A block is in a circular buffer for each of its readers that cannot have it from DST;
// the operation that ends its section says why, those after it come too late.

// CHECK-LABEL: tile.func @reasons
// CHECK: tt.alloc_cb "spread" spilled [#tt.spill<broadcast_operand, "p.py:2">, #tt.spill<later_section, "p.py:5">]
// CHECK: tt.alloc_cb "folded" spilled [#tt.spill<reduce_operand, "p.py:7">]
// CHECK: tt.alloc_cb "inner" spilled [#tt.spill<other_region, "p.py:9">]
tile.func @reasons(%A: memref<32x32xf32, #dram>) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : memref<32x32xf32, #dram> -> !A
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %cx = tt.alloc_cb "x" : !cb
    %o1 = tt.alloc_cb "o1" : !cb
    %o2 = tt.alloc_cb "o2" : !cb
    %o3 = tt.alloc_cb "o3" : !cb
    %x = tt.read_to_cb %cx, %tA[%c0, %c0, %c0] : !cb, !A -> !t
    %a = tt.sfpu.unary exp %x : !t -> !t loc("spread"("p.py":1:1))
    %b = tt.bcast col %a : !t -> !t loc("p.py":2:1)
    %d = tt.sfpu.binary mul %b, %a : !t, !t -> !t loc("p.py":5:1)
    tt.write_from_cb %o1, %d, %tA[%c0, %c0, %c0] : !cb, !t, !A
    %e = tt.sfpu.unary relu %x : !t -> !t loc("folded"("p.py":6:1))
    %f = tt.fold max row %e : !t -> !t loc("p.py":7:1)
    tt.write_from_cb %o2, %f, %tA[%c0, %c0, %c0] : !cb, !t, !A
    %g = tt.sfpu.unary sqrt %x : !t -> !t loc("inner"("p.py":8:1))
    scf.for %i = %c0 to %c4 step %c1 {
      %h = tt.sfpu.binary add %g, %x : !t, !t -> !t loc("p.py":9:1)
      tt.write_from_cb %o3, %h, %tA[%c0, %c0, %c0] : !cb, !t, !A
    }
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
!cb = !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 2>>
!A = !tt.tensor<"A", outer = 1, rows = 32, cols = 32, f32, #dram>
!t = !tt.block<1x1xf32>

// Five blocks that are all used at the end are more than DST holds.

// CHECK-LABEL: tile.func @capacity
// CHECK: tt.alloc_cb "a" spilled [#tt.spill<dst_capacity, "p.py:5">, #tt.spill<later_section, "p.py:9">]
// CHECK: tt.alloc_cb "b" spilled [#tt.spill<later_section, "p.py:8">]
tile.func @capacity(%A: memref<32x32xf32, #dram>) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : memref<32x32xf32, #dram> -> !A
  %c0 = arith.constant 0 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %cx = tt.alloc_cb "x" : !cb
    %o1 = tt.alloc_cb "o1" : !cb
    %x = tt.read_to_cb %cx, %tA[%c0, %c0, %c0] : !cb, !A -> !t
    %a = tt.sfpu.unary exp %x : !t -> !t loc("a"("p.py":1:1))
    %b = tt.sfpu.unary relu %a : !t -> !t loc("b"("p.py":2:1))
    %d = tt.sfpu.unary sqrt %a : !t -> !t loc("d"("p.py":3:1))
    %e = tt.sfpu.unary sin %a : !t -> !t loc("e"("p.py":4:1))
    %f = tt.sfpu.unary cos %a : !t -> !t loc("f"("p.py":5:1))
    %s1 = tt.sfpu.binary add %f, %e : !t, !t -> !t loc("p.py":6:1)
    %s2 = tt.sfpu.binary mul %s1, %d : !t, !t -> !t loc("p.py":7:1)
    %s3 = tt.sfpu.binary add %s2, %b : !t, !t -> !t loc("p.py":8:1)
    %s4 = tt.sfpu.binary mul %s3, %a : !t, !t -> !t loc("p.py":9:1)
    tt.write_from_cb %o1, %s4, %tA[%c0, %c0, %c0] : !cb, !t, !A
  }
}
