// RUN: tilewright-opt %s --tt-lower-shared-to-cb --split-input-file --verify-diagnostics

// A region that spans an outer dimension of its tensor.
#dram = #tt.layout<dram, interleaved, plane = [1, 2], tile = [32, 32], Float32>
#cb = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = <Float32, page_bytes = 4096, block_pages = 1, depth = 2>>
tile.func @outer (%A: memref<2x32x32xf32, #dram>) tensors [#tile.tensor<"A", param>] {
  %A_0 = tt.accessor %A : memref<2x32x32xf32, #dram> -> !tt.tensor<"A", outer = 2, rows = 32, cols = 32, f32, #dram>
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %c0 = arith.constant 0 : index
    %x = tile.alloc "x" : memref<2x32xf32, #cb>
    // expected-error @below {{[TW4012]}}
    tile.copy %A[%c0, %c0, %c0] [2, 32, 1] to %x[%c0, %c0] [2, 32] : memref<2x32x32xf32, #dram> to memref<2x32xf32, #cb>
    // expected-note @above {{fix: copy one matrix at a time}}
  }
}

// -----

#cb = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = <Float32, page_bytes = 4096, block_pages = 1, depth = 2>>
#one = #tt.layout<l1, interleaved, plane = [-1, 0], tile = [32, 32], Float32, cb = <Float32, page_bytes = 4096, block_pages = 1, depth = 1>>
tile.func @fill () tensors [] {
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %c0 = arith.constant 0 : index
    %x = tile.alloc "x" : memref<32x32xf32, #cb>
    %n = arith.index_cast %start : index to i32
    %v = arith.sitofp %n : i32 to f32
    // expected-error @below {{[TW4008] T.fill: the value for}}
    tile.fill %x, %v : memref<32x32xf32, #cb>, f32
    // expected-note @above {{fix: fill with a constant, or assign in a T.Parallel loop}}
  }
}
