// RUN: not tilewright-opt %s --tt-split-device-kernel=chip=n151 2>&1 | FileCheck %s --check-prefix=CHIP
// RUN: not tilewright-opt %s --tt-split-device-kernel=math-fidelity=High 2>&1 | FileCheck %s --check-prefix=FIDELITY
// RUN: tilewright-opt %s "--tt-split-device-kernel=chip=p150 math-fidelity=LoFi fast-math=1 dst-full-sync=1" | FileCheck %s

// CHIP: [TW3002] no chip is named 'n151'
// FIDELITY: [TW5015] no math fidelity is named 'High'

// CHECK: metalium.program @f chip("p150") config(<math_fidelity = LoFi, fp32_dest_acc_en = true, dst_full_sync_en = true, math_approx_mode = true>)
// A tensor named like a kernel keeps its name.
// CHECK: metalium.tensor @reader
// CHECK: metalium.kernel @reader_kernel
#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
!t = !tt.tensor<"reader", outer = 1, rows = 128, cols = 64, bf16, #dram>
!b = !tt.block<1x1xbf16>
tile.func @f(%A: memref<128x64xbf16, #dram>) tensors [#tile.tensor<"reader", param>] {
  %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !t
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>(%start, %count) {
    %c0 = arith.constant 0 : index
    %cb = tt.alloc_cb "S" : !tt.cb<#cb>
    %o = tt.section outs(%cb : !tt.cb<#cb>) <1, 1> {
      %0 = tt.fill 1.0 : bf16 -> !b
      tt.yield %0 : !b
    } : !b
    tt.write_from_cb %cb, %o, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !b, !t
  }
}
