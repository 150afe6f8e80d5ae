// RUN: tilewright-opt %s -split-input-file -verify-diagnostics -tt-verify-stage-c

!f = !tt.block<2x2xf32>

tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
  %z = tt.fill 0.0 : f32 -> !f
  // expected-error@+1 {{[TW4090] after stage C (look at tt-lower-tile-intrinsics): 'tt.gemm' is left}}
  %c = tt.gemm %z, %z, %z : (!f, !f, !f) -> !f
}

// -----

!f = !tt.block<2x2xf32>

tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
  %z = tt.fill 0.0 : f32 -> !f
  // expected-error@+1 {{[TW4090] after stage C (look at tt-build-tile-dfg): 'tt.sfpu.unary' stands outside every section}}
  %c = tt.sfpu.unary exp %z : !f -> !f
}

// -----

!f = !tt.block<2x2xf32>
!cb = !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 1>>

tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
  %cb = tt.alloc_cb "X" : !cb
  // expected-error@+1 {{[TW4090] after stage C (look at tt-build-tile-dfg): a section packs}}
  %s = tt.section outs(%cb : !cb) <1, 1> {
    %z = tt.fill 0.0 : f32 -> !f
    tt.yield %z : !f
  } : !f
}

// -----

!f = !tt.block<1x1xbf16>
!cb = !tt.cb<#tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 1>>

tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
  %cb = tt.alloc_cb "X" : !cb
  %s = tt.section outs(%cb : !cb) <1, 1> {
    %z = tt.fill 0.0 : bf16 -> !f
    // expected-error@+1 {{an operand of 'tt.transpose' is in DST, but only the unpacker can deliver it}}
    %t = tt.transpose %z : !f -> !f
    tt.yield %t : !f
  } : !f
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
!A = !tt.tensor<"A", outer = 1, rows = 32, cols = 32, f32, #dram>
!f = !tt.block<1x1xf32>
!cb = !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 1>>

tile.func @write(%A: memref<32x32xf32, #dram>) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : memref<32x32xf32, #dram> -> !A
  %c0 = arith.constant 0 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %cb = tt.alloc_cb "X" : !cb
    %co = tt.alloc_cb "C" : !cb
    %x = tt.read_to_cb %cb, %tA[%c0, %c0, %c0] : !cb, !A -> !f
    // expected-error@+1 {{what is written to A was not packed into its circular buffer}}
    tt.write_from_cb %co, %x, %tA[%c0, %c0, %c0] : !cb, !f, !A
  }
}
