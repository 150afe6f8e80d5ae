// RUN: tilewright-opt %s -split-input-file -tt-build-tile-dfg | FileCheck %s

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
!cb = !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 2>>
!A = !tt.tensor<"A", outer = 1, rows = 32, cols = 32, f32, #dram>
!t = !tt.block<1x1xf32>

// Both broadcasts are of the same column, but DST holds four tiles, and the first one
// would be the fifth while %r3 is made. It is made again.

// CHECK-LABEL: tile.func @twice
tile.func @twice(%A: memref<32x32xf32, #dram>) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : memref<32x32xf32, #dram> -> !A
  %c0 = arith.constant 0 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %cx = tt.alloc_cb "x" : !cb
    %cy = tt.alloc_cb "y" : !cb
    %c1 = tt.alloc_cb "o1" : !cb
    %c2 = tt.alloc_cb "o2" : !cb
    %c3 = tt.alloc_cb "o3" : !cb
    %x = tt.read_to_cb %cx, %tA[%c0, %c0, %c0] : !cb, !A -> !t
    %y = tt.read_to_cb %cy, %tA[%c0, %c0, %c0] : !cb, !A -> !t
    // CHECK: tt.section
    // CHECK: %[[B0:.*]] = tt.bcast col
    // CHECK: tt.sfpu.binary sub %{{.*}}, %[[B0]]
    // CHECK: %[[B1:.*]] = tt.bcast col
    // CHECK: tt.sfpu.binary mul %[[B1]],
    %b0 = tt.bcast col %x : !t -> !t
    %r0 = tt.sfpu.binary sub %y, %b0 : !t, !t -> !t
    %r1 = tt.sfpu.binary add %r0, %y : !t, !t -> !t
    %r2 = tt.sfpu.binary mul %r1, %y : !t, !t -> !t
    %r3 = tt.sfpu.binary add %r2, %y : !t, !t -> !t
    %b1 = tt.bcast col %x : !t -> !t
    %r4 = tt.sfpu.binary mul %b1, %r3 : !t, !t -> !t
    tt.write_from_cb %c1, %r0, %tA[%c0, %c0, %c0] : !cb, !t, !A
    tt.write_from_cb %c2, %r1, %tA[%c0, %c0, %c0] : !cb, !t, !A
    tt.write_from_cb %c3, %r4, %tA[%c0, %c0, %c0] : !cb, !t, !A
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
!cb = !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 2>>
!A = !tt.tensor<"A", outer = 1, rows = 32, cols = 32, f32, #dram>
!t = !tt.block<1x1xf32>

// Where there is room, once is enough.

// CHECK-LABEL: tile.func @once
tile.func @once(%A: memref<32x32xf32, #dram>) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : memref<32x32xf32, #dram> -> !A
  %c0 = arith.constant 0 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %cx = tt.alloc_cb "x" : !cb
    %cy = tt.alloc_cb "y" : !cb
    %c1 = tt.alloc_cb "o1" : !cb
    %c2 = tt.alloc_cb "o2" : !cb
    %x = tt.read_to_cb %cx, %tA[%c0, %c0, %c0] : !cb, !A -> !t
    %y = tt.read_to_cb %cy, %tA[%c0, %c0, %c0] : !cb, !A -> !t
    // CHECK: tt.section
    // CHECK: %[[B:.*]] = tt.bcast col
    // CHECK-NOT: tt.bcast
    // CHECK: tt.sfpu.binary mul %[[B]],
    %b0 = tt.bcast col %x : !t -> !t
    %r0 = tt.sfpu.binary sub %y, %b0 : !t, !t -> !t
    %b1 = tt.bcast col %x : !t -> !t
    %r1 = tt.sfpu.binary mul %b1, %r0 : !t, !t -> !t
    tt.write_from_cb %c1, %r0, %tA[%c0, %c0, %c0] : !cb, !t, !A
    tt.write_from_cb %c2, %r1, %tA[%c0, %c0, %c0] : !cb, !t, !A
  }
}
