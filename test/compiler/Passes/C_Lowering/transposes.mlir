// RUN: tilewright-opt %s --tt-lower-tile-intrinsics | FileCheck %s

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
!C = !tt.tensor<"C", outer = 1, rows = 96, cols = 64, f32, #dram>
!cb = !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 6, depth = 1>>
!g = !tt.block<2x3xf32>
!t = !tt.block<3x2xf32>
!s = !tt.block<2x2xf32>

// What a matmul made is transposed as a whole, for a gemm and for x[j, i].
// CHECK: %[[M:.*]] = tt.mm.mma
// CHECK: %[[T:.*]] = tt.transpose whole %[[M]] : <2x3xf32> -> <3x2xf32>
// CHECK: %[[X:.*]] = tt.sfpu.scalar mul %[[T]], 2.0
// CHECK: %[[B:.*]] = tt.transpose whole %[[M]] : <2x3xf32> -> <3x2xf32>
// CHECK: %[[C:.*]] = tt.mm.mma %[[M]], %[[B]], %{{[a-z0-9]+}} : <2x3xf32>, <3x2xf32>
// CHECK: %[[A:.*]] = tt.transpose whole %[[C]]
// CHECK: tt.mm.mma %[[X]], %[[A]]
tile.func @main(%O: memref<96x64xf32, #dram>) tensors [#tile.tensor<"C", param>] {
  %tO = tt.accessor %O : memref<96x64xf32, #dram> -> !C
  %c0 = arith.constant 0 : index
  %two = arith.constant 2.0 : f32
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %cb = tt.alloc_cb "C" : !cb
    %z = tt.fill 0.0 : f32 -> !g
    %y = tt.fill 0.0 : f32 -> !s
    %w = tt.fill 0.0 : f32 -> !t
    %a = tt.fill 1.0 : f32 -> !s
    %m = tt.mm.mma %a, %z, %z : !s, !g, !g -> !g
    %x = tt.parallel [96, 64] ins(%m : !g) accesses [#tt.access<transposed>] -> !t {
    ^bb0(%i: index, %j: index, %p: f32):
      %r = arith.mulf %p, %two : f32
      tt.yield %r : f32
    }
    %c = tt.gemm %m, %m, %y transpose_b : (!g, !g, !s) -> !s
    %o = tt.gemm %x, %c, %w transpose_b : (!t, !s, !t) -> !t
    tt.write_from_cb %cb, %o, %tO[%c0, %c0, %c0] : !cb, !t, !C
  }
}
