// RUN: tilewright-opt %s -split-input-file -verify-diagnostics --tt-split-device-kernel

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
!t = !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>
!b = !tt.block<1x1xbf16>

// A circular buffer has one producer.
tile.func @producers(%A: memref<128x64xbf16, #dram>) tensors [#tile.tensor<"A", param>] {
  %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !t
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>(%start, %count) {
    %c0 = arith.constant 0 : index
    %cb = tt.alloc_cb "S" : !tt.cb<#cb>
    %x = tt.read_to_cb %cb, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !t -> !b
    // expected-error @+1 {{[TW5011] the circular buffer of S is filled by two kernels}}
    %o = tt.section outs(%cb : !tt.cb<#cb>) <1, 1> {
      %0 = tt.sfpu.unary exp %x : !b -> !b
      tt.yield %0 : !b
    } : !b
    tt.write_from_cb %cb, %o, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !b, !t
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
!t = !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>
!b = !tt.block<1x1xbf16>

// What leaves for the writer is not taken by the compute kernel.
tile.func @consumers(%A: memref<128x64xbf16, #dram>) tensors [#tile.tensor<"A", param>] {
  %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !t
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>(%start, %count) {
    %c0 = arith.constant 0 : index
    %cb = tt.alloc_cb "S" : !tt.cb<#cb>
    %cbc = tt.alloc_cb "C" : !tt.cb<#cb>
    %o = tt.section outs(%cbc : !tt.cb<#cb>) <1, 1> {
      %0 = tt.fill 1.0 : bf16 -> !b
      tt.yield %0 : !b
    } : !b
    tt.write_from_cb %cbc, %o, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !b, !t
    %p = tt.section outs(%cb : !tt.cb<#cb>) <1, 1> {
      // expected-error @+1 {{[TW5011] a block that leaves for the writer is used by the compute kernel too}}
      %0 = tt.sfpu.unary exp %o : !b -> !b
      tt.yield %0 : !b
    } : !b
    tt.write_from_cb %cb, %p, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !b, !t
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
!t = !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>
!b = !tt.block<1x1xbf16>

// A block is written from the circular buffer that it is in.
tile.func @elsewhere(%A: memref<128x64xbf16, #dram>) tensors [#tile.tensor<"A", param>] {
  %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !t
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>(%start, %count) {
    %c0 = arith.constant 0 : index
    // expected-error @+1 {{[TW5011] what is written from the circular buffer of S does not come from the compute kernel}}
    %cb = tt.alloc_cb "S" : !tt.cb<#cb>
    %x = tt.read_to_cb %cb, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !t -> !b
    tt.write_from_cb %cb, %x, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !b, !t
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
!t = !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>
!b = !tt.block<1x1xbf16>

// Blocks of one circular buffer are used one after the other.
tile.func @overlap(%A: memref<128x64xbf16, #dram>) tensors [#tile.tensor<"A", param>] {
  %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !t
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>(%start, %count) {
    %c0 = arith.constant 0 : index
    %cbs = tt.alloc_cb "S" : !tt.cb<#cb>
    %cbt = tt.alloc_cb "T" : !tt.cb<#cb>
    %cbc = tt.alloc_cb "C" : !tt.cb<#cb>
    %x = tt.section outs(%cbs : !tt.cb<#cb>) <1, 1> {
      %0 = tt.fill 1.0 : bf16 -> !b
      tt.yield %0 : !b
    } : !b
    %y = tt.section outs(%cbs : !tt.cb<#cb>) <1, 1> {
      %0 = tt.fill 2.0 : bf16 -> !b
      tt.yield %0 : !b
    } : !b
    // expected-note @+2 {{the first block comes from here}}
    // expected-error @+1 {{[TW5012] a second block comes into a circular buffer while the first is in use}}
    %o = tt.section outs(%cbc : !tt.cb<#cb>) <1, 1> {
      %0 = tt.sfpu.binary add %x, %y : !b, !b -> !b
      tt.yield %0 : !b
    } : !b
    tt.write_from_cb %cbc, %o, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !b, !t
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
!t = !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>
!b = !tt.block<1x1xbf16>

// Tensors are told apart by their names.
tile.func @twice(%A: memref<128x64xbf16, #dram>,
                 // expected-error @+1 {{[TW5014] two tensors are named A}}
                 %B: memref<128x64xbf16, #dram>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"A", param>] {
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

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
!t = !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>

// Nothing is left of a program that only reads.
// expected-error @+1 {{[TW5018] the program reads writes no tensor}}
tile.func @reads(%A: memref<128x64xbf16, #dram>) tensors [#tile.tensor<"A", param>] {
  %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !t
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>(%start, %count) {
    %c0 = arith.constant 0 : index
    %cb = tt.alloc_cb "S" : !tt.cb<#cb>
    %x = tt.read_to_cb %cb, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !t -> !tt.block<1x1xbf16>
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
!t = !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>
!b = !tt.block<1x1xbf16>

// A carried block goes round through one circular buffer.
tile.func @carried(%A: memref<128x64xbf16, #dram>) tensors [#tile.tensor<"A", param>] {
  %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !t
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>(%start, %count) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %cbs = tt.alloc_cb "S" : !tt.cb<#cb>
    %cbx = tt.alloc_cb "X" : !tt.cb<#cb>
    %cbc = tt.alloc_cb "C" : !tt.cb<#cb>
    %x = tt.read_to_cb %cbx, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !t -> !b
    // expected-error @+1 {{[TW5011] a block that the loop carries starts in another circular buffer than it is updated in}}
    %r = scf.for %k = %c0 to %c4 step %c1 iter_args(%v = %x) -> !b {
      %s = tt.section outs(%cbs : !tt.cb<#cb>) <1, 1> {
        %0 = tt.sfpu.unary exp %v : !b -> !b
        tt.yield %0 : !b
      } : !b
      scf.yield %s : !b
    }
    %o = tt.section outs(%cbc : !tt.cb<#cb>) <1, 1> {
      %0 = tt.sfpu.unary exp %r : !b -> !b
      tt.yield %0 : !b
    } : !b
    tt.write_from_cb %cbc, %o, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !b, !t
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
!t = !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>
!b = !tt.block<1x1xbf16>

// A block does not come out of a branch.
tile.func @branch(%A: memref<128x64xbf16, #dram>) tensors [#tile.tensor<"A", param>] {
  %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !t
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>(%start, %count) {
    %c0 = arith.constant 0 : index
    %cb = tt.alloc_cb "S" : !tt.cb<#cb>
    %cbo = tt.alloc_cb "O" : !tt.cb<#cb>
    %is = arith.cmpi eq, %start, %c0 : index
    // expected-error @below {{[TW5013] a buffer gets its value in one branch of a condition only}}
    %x = scf.if %is -> (!b) {
      %y = tt.read_to_cb %cb, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !t -> !b
      scf.yield %y : !b
    } else {
      %y = tt.read_to_cb %cb, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !t -> !b
      scf.yield %y : !b
    }
    %o = tt.section outs(%cbo : !tt.cb<#cb>) <1, 1> {
      %0 = tt.sfpu.unary exp %x : !b -> !b
      tt.yield %0 : !b
    } : !b
    tt.write_from_cb %cbo, %o, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !b, !t
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
!t = !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>
!b = !tt.block<1x1xbf16>

// A circular buffer of a loop would be another one each time.
tile.func @placed(%A: memref<128x64xbf16, #dram>) tensors [#tile.tensor<"A", param>] {
  %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !t
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>(%start, %count) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    scf.for %i = %c0 to %c2 step %c1 {
      // expected-error @+1 {{[TW6001] the circular buffer 'S' does not stand at the start of its core program}}
      %cb = tt.alloc_cb "S" : !tt.cb<#cb>
      %x = tt.read_to_cb %cb, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !t -> !b
      tt.write_from_cb %cb, %x, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !b, !t
    }
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 2>
!t = !tt.tensor<"A", outer = 1, rows = 128, cols = 64, bf16, #dram>
!b = !tt.block<1x1xbf16>

// Accessors are those of the program, not of a core.
tile.func @inside(%A: memref<128x64xbf16, #dram>) tensors [#tile.tensor<"A", param>] {
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>(%start, %count) {
    %c0 = arith.constant 0 : index
    %cb = tt.alloc_cb "S" : !tt.cb<#cb>
    // expected-error @+1 {{[TW6001] the accessor of A does not stand at the start of its program}}
    %ta = tt.accessor %A : memref<128x64xbf16, #dram> -> !t
    %x = tt.read_to_cb %cb, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !t -> !b
    tt.write_from_cb %cb, %x, %ta[%c0, %c0, %c0] : !tt.cb<#cb>, !b, !t
  }
}
