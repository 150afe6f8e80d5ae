// RUN: tilewright-opt %s -split-input-file -verify-diagnostics -tt-lower-shared-to-cb | FileCheck %s

// A block that starts or ends inside a tile is read by elements.

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 2>>
!mem = memref<96x96xf32, #dram>
!buf = memref<48x48xf32, #l1>
!tensor = !tt.tensor<"A", outer = 1, rows = 96, cols = 96, f32, #dram>

// CHECK-LABEL: tile.func @unaligned
// CHECK: %[[PAGES:.*]] = tt.alloc_cb "X_pages" : {{.*}}block_pages = 4, depth = 1
// CHECK: scf.for %[[K:.*]] = %c0
// CHECK: %[[ROW:.*]] = arith.muli %[[K]], %c48
// CHECK: tt.read_to_cb %{{.*}}, %{{.*}}[%{{.*}}, %[[ROW]], %{{.*}}] elements [48, 48] in %[[PAGES]]
tile.func @unaligned(%A: !mem) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : !mem -> !tensor
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c48 = arith.constant 48 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %X = tile.alloc "X" : !buf
    tile.for serial name "k" %k = %c0 to %c2 step %c1 {
      %o = arith.muli %k, %c48 : index
      // expected-remark@+1 {{[TW4001] T.copy: the block of A starts at row k * 48, which is not always a multiple of 32; it moves element by element, which is slow}}
      tile.copy %A[%o, %c0] [48, 48] to %X[%c0, %c0] [48, 48] : !mem to !buf
    }
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 2>>
!mem = memref<96x96xf32, #dram>
!buf = memref<48x48xf32, #l1>
!tensor = !tt.tensor<"A", outer = 1, rows = 96, cols = 96, f32, #dram>

// CHECK-LABEL: tile.func @ends_inside_tile
// CHECK: tt.read_to_cb {{.*}} elements [48, 48] in
tile.func @ends_inside_tile(%A: !mem) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : !mem -> !tensor
  %c0 = arith.constant 0 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %X = tile.alloc "X" : !buf
    // expected-remark@+1 {{[TW4002] T.copy: the block of A has 48 rows, which is not a multiple of 32, and does not end with the tensor (96); it moves element by element, which is slow}}
    tile.copy %A[%c0, %c0] [48, 48] to %X[%c0, %c0] [48, 48] : !mem to !buf
  }
}

