// RUN: tilewright-opt %s | tilewright-opt | FileCheck %s

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#a = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 2, depth = 2>
#acc = #tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 1>
#out = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 4, depth = 2>

tile.func @matmul(%A: memref<128x64xbf16, #dram>, %B: memref<64x128xbf16, #dram>, %C: memref<128x128xbf16, #dram>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"B", param>, #tile.tensor<"C", result>] {
  // CHECK: tt.accessor %{{.*}} : memref<128x64xbf16, #tt.layout<{{.*}}>> -> <"A", outer = 1, rows = 128, cols = 64, bf16, <dram, interleaved
  %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>
  %tb = tt.accessor %B : memref<64x128xbf16, #dram> -> !tt.tensor<"B", outer = 1, rows = 64, cols = 128, bf16, #dram>
  %tc = tt.accessor %C : memref<128x128xbf16, #dram> -> !tt.tensor<"C", outer = 1, rows = 128, cols = 128, bf16, #dram>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  // CHECK: tt.core_program <global, launch = [2, 2], cores = [2, 1], starts = [0, 2], counts = [2, 2]> (%{{.*}}, %{{.*}}) {
  tt.core_program <global, launch = [2, 2], cores = [2, 1], starts = [0, 2], counts = [2, 2]>(%start, %count) {
    // CHECK: tt.alloc_cb "A_shared" : <<Float16_b, page_bytes = 2048, block_pages = 2, depth = 2>>
    %cba = tt.alloc_cb "A_shared" : !tt.cb<#a>
    %cbb = tt.alloc_cb "B_shared" : !tt.cb<#a>
    %cbacc = tt.alloc_cb "C_local" : !tt.cb<#acc>
    %cbc = tt.alloc_cb "C" : !tt.cb<#out>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %z = tt.fill 0.0 : f32 -> !tt.block<2x2xf32>
      %r = scf.for %k = %c0 to %c2 step %c1 iter_args(%acc = %z) -> !tt.block<2x2xf32> {
        // CHECK: tt.read_to_cb %{{.*}}, %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}] :
        %a = tt.read_to_cb %cba, %ta[%c0, %item, %k] : !tt.cb<#a>, !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram> -> !tt.block<2x1xbf16>
        // CHECK: tt.read_to_cb {{.*}} transposed
        %b = tt.read_to_cb %cbb, %tb[%c0, %k, %item] transposed : !tt.cb<#a>, !tt.tensor<"B", outer = 1, rows = 64, cols = 128, bf16, #dram> -> !tt.block<1x2xbf16>
        // CHECK: tt.section accumulate(%{{.*}} : !tt.block<2x2xf32>) outs(%{{.*}}) <2, 2> {
        %n = tt.section accumulate(%acc : !tt.block<2x2xf32>) outs(%cbacc : !tt.cb<#acc>) <2, 2> {
          // CHECK: tt.mm.mma
          %m = tt.mm.mma %a, %b, %acc : !tt.block<2x1xbf16>, !tt.block<1x2xbf16>, !tt.block<2x2xf32> -> !tt.block<2x2xf32>
          tt.yield %m : !tt.block<2x2xf32>
        } : !tt.block<2x2xf32>
        scf.yield %n : !tt.block<2x2xf32>
      }
      // CHECK: tt.section outs(%{{.*}}) <1, 2> {
      %o = tt.section outs(%cbc : !tt.cb<#out>) <1, 2> {
        // CHECK: tt.sfpu.unary gelu
        %g = tt.sfpu.unary gelu %r : !tt.block<2x2xf32> -> !tt.block<2x2xf32>
        %h = tt.cast %g : !tt.block<2x2xf32> -> !tt.block<2x2xbf16>
        tt.yield %h : !tt.block<2x2xbf16>
      } : !tt.block<2x2xbf16>
      tt.write_from_cb %cbc, %o, %tc[%c0, %c0, %item] : !tt.cb<#out>, !tt.block<2x2xbf16>, !tt.tensor<"C", outer = 1, rows = 128, cols = 128, bf16, #dram>
    }
  }
}
