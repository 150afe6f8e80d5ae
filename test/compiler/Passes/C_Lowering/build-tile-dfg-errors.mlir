// RUN: tilewright-opt %s --tt-build-tile-dfg --split-input-file --verify-diagnostics

#in = #tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 2>
#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
tile.func @read (%A: memref<32x32xf32, #dram>) tensors [#tile.tensor<"A", param>] {
  %t = tt.accessor %A : memref<32x32xf32, #dram> -> !tt.tensor<"A", outer = 1, rows = 32, cols = 32, f32, #dram>
  %c0 = arith.constant 0 : index
  // expected-error @below {{[TW4051] the kernel writes no tensor}}
  // expected-note @below {{fix: copy a result to a tensor}}
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %cb = tt.alloc_cb "A" : !tt.cb<#in>
    %a = tt.read_to_cb %cb, %t[%c0, %c0, %c0] : !tt.cb<#in>, !tt.tensor<"A", outer = 1, rows = 32, cols = 32, f32, #dram> -> !tt.block<1x1xf32>
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
!cb = !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 256, depth = 2>>
!A = !tt.tensor<"A", outer = 1, rows = 512, cols = 512, f32, #dram>
!f = !tt.block<16x16xf32>

tile.func @overflow(%A: memref<512x512xf32, #dram>) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : memref<512x512xf32, #dram> -> !A
  %c0 = arith.constant 0 : index
  // expected-error@+4 {{[TW4040] the circular buffers need 2097152 bytes of L1, a core of n150 has}}
  // expected-note@+3 {{cb_X}}
  // expected-note@+2 {{cb_C}}
  // expected-note@+1 {{fix: make the blocks smaller}}
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %cx = tt.alloc_cb "X" : !cb
    %co = tt.alloc_cb "C" : !cb
    %x = tt.read_to_cb %cx, %tA[%c0, %c0, %c0] : !cb, !A -> !f
    tt.write_from_cb %co, %x, %tA[%c0, %c0, %c0] : !cb, !f, !A
  }
}
