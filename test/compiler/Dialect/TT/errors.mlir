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
