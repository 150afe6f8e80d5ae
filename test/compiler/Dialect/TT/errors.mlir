// RUN: tilewright-opt %s -split-input-file -verify-diagnostics

#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>

tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>(%start, %count) {
  %cb = tt.alloc_cb "C" : !tt.cb<#cb>
  // expected-error @+1 {{[TW6001] a sub-block has at least one row and one column of tiles}}
  %o = tt.section outs(%cb : !tt.cb<#cb>) <0, 1> {
    %0 = tt.fill 0.0 : f32 -> !tt.block<1x1xbf16>
    tt.yield %0 : !tt.block<1x1xbf16>
  } : !tt.block<1x1xbf16>
}

// -----

%x = tt.fill 0.0 : f32 -> !tt.block<1x1xf32>
// expected-error @+1 {{[TW6001] a parallel body with 1 output blocks yields 0 values}}
%r = tt.parallel [32, 32] ins(%x : !tt.block<1x1xf32>) accesses [#tt.access<same>] -> !tt.block<1x1xf32> {
^bb0(%i: index, %j: index, %a: f32):
  tt.yield
}

// -----

%x = tt.fill 0.0 : f32 -> !tt.block<1x1xf32>
// expected-error @+1 {{[TW6001] a parallel body yields 'f32' for a block of 'bf16'}}
%r = tt.parallel [32, 32] ins(%x : !tt.block<1x1xf32>) accesses [#tt.access<same>] -> !tt.block<1x1xbf16> {
^bb0(%i: index, %j: index, %a: f32):
  tt.yield %a : f32
}

// -----

// expected-error @+1 {{[TW6001] the extents of a parallel body are 1 or more}}
tt.parallel [32, 0] ins() accesses [] {
^bb0(%i: index, %j: index):
  tt.yield
}

// -----

// expected-error @+1 {{[TW6001] the plane of a parallel body is two of its 2 indices, or -1}}
tt.parallel [32, 32] plane [0, 2] ins() accesses [] {
^bb0(%i: index, %j: index):
  tt.yield
}

// -----

// expected-error @+1 {{[TW6001] the indices of a parallel body are of type index}}
tt.parallel [32] ins() accesses [] {
^bb0(%i: f32):
  tt.yield
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
tile.func @late(%A: memref<32x32xbf16, #dram>) tensors [#tile.tensor<"A", param>] {
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>(%start, %count) {
  }
  // expected-error @+1 {{[TW6001] the accessor of A does not stand before the launches}}
  %a = tt.accessor %A : memref<32x32xbf16, #dram> -> !tt.tensor<"A", outer = 1, rows = 32, cols = 32, bf16, #dram>
}
