// RUN: tilewright-opt %s -split-input-file -tt-lower-shared-to-cb | FileCheck %s

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
#vdram = #tt.layout<dram, interleaved, plane = [0, -1], tile = [32, 32], Float32>
#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 6, depth = 2>>
#col = #tt.layout<l1, interleaved, plane = [0, -1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 2, depth = 2>>
!mem = memref<64x70xf32, #dram>
!vec = memref<64xf32, #vdram>
!tensorA = !tt.tensor<"A", outer = 1, rows = 64, cols = 70, f32, #dram>
!tensorO = !tt.tensor<"O", outer = 1, rows = 64, cols = 1, f32, #vdram>

// Columns behind the edge are replaced by the neutral element of a maximum, the
// tiles of a row are combined, what is left is reduced inside; the old contents
// take part.

// CHECK-LABEL: tile.func @maximum
// CHECK: %[[COLS:.*]] = tt.ramp_to_cb %{{.*}}, %{{.*}} step 1 row : {{.*}} -> <1x3xf32>
// CHECK: scf.for
// CHECK: %[[OLD:.*]] = tt.fill 1.000000e+00
// CHECK: %[[A:.*]] = tt.read_to_cb
// CHECK: %[[J:.*]] = tt.bcast row %[[COLS]]
// CHECK: %[[IN:.*]] = tt.sfpu.scalar lt %[[J]], 7.000000e+01
// CHECK: %[[REST:.*]] = tt.fill 0xFF800000
// CHECK: %[[X:.*]] = tt.where %[[IN]], %[[A]], %[[REST]]
// CHECK: %[[F:.*]] = tt.fold max row %[[X]] : <2x3xf32> -> <2x1xf32>
// CHECK: %[[R:.*]] = tt.sfpu.reduce max row %[[F]]
// CHECK: %[[M:.*]] = tt.sfpu.binary max %[[OLD]], %[[R]]
// CHECK: tt.write_from_cb %{{.*}}, %[[M]]
tile.func @maximum(%A: !mem, %O: !vec)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"O", result>] {
  %tA = tt.accessor %A : !mem -> !tensorA
  %tO = tt.accessor %O : !vec -> !tensorO
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %one = arith.constant 1.0 : f32
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %a = tile.alloc "a" : memref<64x70xf32, #l1>
      %m = tile.alloc "m" : memref<64xf32, #col>
      tile.fill %m, %one : memref<64xf32, #col>, f32
      tile.copy %A[%c0, %c0] [64, 70] to %a[%c0, %c0] [64, 70] : !mem to memref<64x70xf32, #l1>
      tile.reduce max %a, %m dim 1 : memref<64x70xf32, #l1>, memref<64xf32, #col>
      tile.copy %m[%c0] [64] to %O[%c0] [64] : memref<64xf32, #col> to !vec
    }
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
#vdram = #tt.layout<dram, interleaved, plane = [0, -1], tile = [32, 32], Float32>
#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 6, depth = 2>>
#col = #tt.layout<l1, interleaved, plane = [0, -1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 2, depth = 2>>
!mem = memref<64x70xf32, #dram>
!vec = memref<64xf32, #vdram>
!tensorA = !tt.tensor<"A", outer = 1, rows = 64, cols = 70, f32, #dram>
!tensorO = !tt.tensor<"O", outer = 1, rows = 64, cols = 1, f32, #vdram>

// What is read from a tensor is zero behind its edge, and zero is neutral for a
// sum: no mask. `clear` needs no old contents.

// CHECK-LABEL: tile.func @total
// CHECK-NOT: tt.where
// CHECK: %[[F:.*]] = tt.fold sum row %{{.*}} : <2x3xf32> -> <2x1xf32>
// CHECK: %[[R:.*]] = tt.sfpu.reduce sum row %[[F]]
// CHECK: tt.write_from_cb %{{.*}}, %[[R]]
tile.func @total(%A: !mem, %O: !vec)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"O", result>] {
  %tA = tt.accessor %A : !mem -> !tensorA
  %tO = tt.accessor %O : !vec -> !tensorO
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %a = tile.alloc "a" : memref<64x70xf32, #l1>
      %m = tile.alloc "m" : memref<64xf32, #col>
      tile.copy %A[%c0, %c0] [64, 70] to %a[%c0, %c0] [64, 70] : !mem to memref<64x70xf32, #l1>
      tile.reduce sum %a, %m dim 1 clear : memref<64x70xf32, #l1>, memref<64xf32, #col>
      tile.copy %m[%c0] [64] to %O[%c0] [64] : memref<64xf32, #col> to !vec
    }
  }
}
