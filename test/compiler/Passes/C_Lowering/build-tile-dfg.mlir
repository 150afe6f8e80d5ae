// RUN: tilewright-opt %s -split-input-file -tt-build-tile-dfg | FileCheck %s

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
!cba = !tt.cb<#tt.cb<Float16_b, page_bytes = 2048, block_pages = 4, depth = 2>>
!cbc = !tt.cb<#tt.cb<Float16_b, page_bytes = 2048, block_pages = 16, depth = 2>>
!A = !tt.tensor<"A", outer = 1, rows = 128, cols = 128, bf16, #dram>
!f = !tt.block<4x4xf32>

// Sixteen fp32 tiles do not fit DST: the packer accumulates in L1. The epilogue is one
// section that takes the sum from there.

// CHECK-LABEL: tile.func @accumulate_in_l1
tile.func @accumulate_in_l1(%A: memref<128x128xbf16, #dram>) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : memref<128x128xbf16, #dram> -> !A
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %ca = tt.alloc_cb "A_shared" : !cba
    %cb = tt.alloc_cb "B_shared" : !cba
    // CHECK: %[[OUT:.*]] = tt.alloc_cb "C" :
    %co = tt.alloc_cb "C" : !cbc
    // CHECK: %[[CB:.*]] = tt.alloc_cb "C_local" spilled [#tt.spill<accumulator, "{{.*}}build-tile-dfg.mlir:{{[0-9]+}}">] : <<Float32, page_bytes = 4096, block_pages = 16, depth = 1>>
    %z = tt.fill 0.0 : f32 -> !f loc("C_local"("p.py":1:1))
    // CHECK: %[[SUM:.*]] = scf.for {{.*}} iter_args(%[[ACC:.*]] = %{{.*}})
    %r = scf.for %k = %c0 to %c4 step %c1 iter_args(%acc = %z) -> !f {
      %a = tt.read_to_cb %ca, %tA[%c0, %c0, %k] : !cba, !A -> !tt.block<4x1xbf16>
      %b = tt.read_to_cb %cb, %tA[%c0, %k, %c0] : !cba, !A -> !tt.block<1x4xbf16>
      // CHECK: %[[S:.*]] = tt.section accumulate(%[[ACC]] : {{.*}}) outs(%[[CB]] : {{.*}}) <2, 2, operands> {
      // CHECK-NEXT: tt.mm.mma
      // CHECK-NEXT: tt.yield
      // CHECK: scf.yield %[[S]]
      %m = tt.mm.mma %a, %b, %acc : !tt.block<4x1xbf16>, !tt.block<1x4xbf16>, !f -> !f
      scf.yield %m : !f
    }
    // CHECK: %[[C:.*]] = tt.section outs(%[[OUT]] : {{.*}}) <1, 4> {
    // CHECK-NEXT: tt.sfpu.unary {{.*}}relu %[[SUM]]
    // CHECK-NEXT: tt.cast
    // CHECK-NEXT: tt.yield
    %u = tt.sfpu.unary relu %r : !f -> !f
    %o = tt.cast %u : !f -> !tt.block<4x4xbf16>
    // CHECK: tt.write_from_cb %[[OUT]], %[[C]]
    tt.write_from_cb %co, %o, %tA[%c0, %c0, %c0] : !cbc, !tt.block<4x4xbf16>, !A
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
!cba = !tt.cb<#tt.cb<Float16_b, page_bytes = 2048, block_pages = 2, depth = 2>>
!cbc = !tt.cb<#tt.cb<Float16_b, page_bytes = 2048, block_pages = 4, depth = 2>>
!A = !tt.tensor<"A", outer = 1, rows = 64, cols = 128, bf16, #dram>
!f = !tt.block<2x2xf32>

// Four tiles fit: fill, loop, reads and epilogue share one section.

// CHECK-LABEL: tile.func @accumulate_in_dst
tile.func @accumulate_in_dst(%A: memref<64x128xbf16, #dram>) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : memref<64x128xbf16, #dram> -> !A
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %ca = tt.alloc_cb "A_shared" : !cba
    %cb = tt.alloc_cb "B_shared" : !cba
    %co = tt.alloc_cb "C" : !cbc
    %z = tt.fill 0.0 : f32 -> !f
    // CHECK: tt.section outs({{.*}}) <2, 2, block> {
    // CHECK-NEXT: tt.fill
    // CHECK-NEXT: scf.for
    // CHECK: tt.read_to_cb
    // CHECK: tt.mm.mma
    // CHECK: tt.cast
    // CHECK: tt.yield
    %r = scf.for %k = %c0 to %c4 step %c1 iter_args(%acc = %z) -> !f {
      %a = tt.read_to_cb %ca, %tA[%c0, %c0, %k] : !cba, !A -> !tt.block<2x1xbf16>
      %b = tt.read_to_cb %cb, %tA[%c0, %k, %c0] : !cba, !A -> !tt.block<1x2xbf16>
      %m = tt.mm.mma %a, %b, %acc : !tt.block<2x1xbf16>, !tt.block<1x2xbf16>, !f -> !f
      scf.yield %m : !f
    }
    %o = tt.cast %r : !f -> !tt.block<2x2xbf16>
    tt.write_from_cb %co, %o, %tA[%c0, %c0, %c0] : !cbc, !tt.block<2x2xbf16>, !A
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
!cb = !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 2>>
!A = !tt.tensor<"A", outer = 1, rows = 64, cols = 64, f32, #dram>
!f = !tt.block<2x2xf32>

// An operand that was computed goes through a circular buffer. The accumulator is the
// block as it was read: it is added to the product. The fp32 block %x is read once for the matrix unit
// and once for the exact operations.

// CHECK-LABEL: tile.func @operands
tile.func @operands(%A: memref<64x64xf32, #dram>) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : memref<64x64xf32, #dram> -> !A
  %c0 = arith.constant 0 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    // CHECK: %[[X:.*]] = tt.alloc_cb "X" :
    // CHECK: %[[XM:.*]] = tt.alloc_cb "X_tf32" :
    %cx = tt.alloc_cb "X" : !cb
    %co = tt.alloc_cb "C" : !cb
    // CHECK: %[[S:.*]] = tt.alloc_cb "scaled" spilled [#tt.spill<matmul_operand, {{.*}}>] : <<Float32, page_bytes = 4096, block_pages = 4, depth = 1>>
    // CHECK: %[[EXACT:.*]] = tt.read_to_cb %[[X]]
    // CHECK: %[[ROUNDED:.*]] = tt.read_to_cb %[[XM]]
    %x = tt.read_to_cb %cx, %tA[%c0, %c0, %c0] : !cb, !A -> !f
    // CHECK: %[[SCALED:.*]] = tt.section outs(%[[S]]
    // CHECK-NEXT: tt.sfpu.scalar {{.*}}mul %[[EXACT]], 2.0
    %s = tt.sfpu.scalar mul %x, 2.0 : !f -> !f loc("scaled"("p.py":1:1))
    // CHECK: tt.section
    // CHECK-NEXT: %[[ZERO:.*]] = tt.fill 0.0
    // CHECK-NEXT: %[[PRODUCT:.*]] = tt.mm.mma %[[SCALED]], %[[ROUNDED]], %[[ZERO]]
    // CHECK-NEXT: tt.sfpu.binary {{.*}}add %[[PRODUCT]], %[[EXACT]]
    %m = tt.mm.mma %s, %x, %x : !f, !f, !f -> !f
    tt.write_from_cb %co, %m, %tA[%c0, %c0, %c0] : !cb, !f, !A
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
!cb = !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 2>>
!A = !tt.tensor<"A", outer = 1, rows = 64, cols = 64, f32, #dram>
!f = !tt.block<2x2xf32>

// A block that a loop changes goes round through a buffer of two blocks.

// CHECK-LABEL: tile.func @carried
tile.func @carried(%A: memref<64x64xf32, #dram>) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : memref<64x64xf32, #dram> -> !A
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %cx = tt.alloc_cb "X" : !cb
    %co = tt.alloc_cb "C" : !cb
    // CHECK: %[[CB:.*]] = tt.alloc_cb "sum" spilled [#tt.spill<loop_carried, {{.*}}>] : <<Float32, page_bytes = 4096, block_pages = 4, depth = 2>>
    // CHECK: %[[INIT:.*]] = tt.section outs(%[[CB]]
    // CHECK-NEXT: tt.fill
    %z = tt.fill 0.0 : f32 -> !f loc("sum"("p.py":1:1))
    // CHECK: scf.for {{.*}} iter_args(%[[ARG:.*]] = %[[INIT]])
    %r = scf.for %k = %c0 to %c4 step %c1 iter_args(%sum = %z) -> !f {
      %x = tt.read_to_cb %cx, %tA[%c0, %c0, %c0] : !cb, !A -> !f
      // CHECK: %[[NEXT:.*]] = tt.section outs(%[[CB]]
      // CHECK-NEXT: tt.sfpu.binary {{.*}}add %[[ARG]]
      // CHECK: scf.yield %[[NEXT]]
      %n = tt.sfpu.binary add %sum, %x : !f, !f -> !f
      scf.yield %n : !f
    }
    tt.write_from_cb %co, %r, %tA[%c0, %c0, %c0] : !cb, !f, !A
  }
}
