// RUN: tilewright-opt %s -split-input-file -tt-lower-tile-intrinsics | FileCheck %s

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
!cb = !tt.cb<#tt.cb<Float16_b, page_bytes = 2048, block_pages = 4, depth = 2>>
!cbv = !tt.cb<#tt.cb<Float16_b, page_bytes = 2048, block_pages = 2, depth = 2>>
!A = !tt.tensor<"A", outer = 1, rows = 64, cols = 64, bf16, #dram>
!b = !tt.block<2x2xbf16>
!f = !tt.block<2x2xf32>

// Two bf16 blocks from the reader: the matrix unit, which broadcasts its second operand.

// CHECK-LABEL: tile.func @matrix_unit
tile.func @matrix_unit(%A: memref<64x64xbf16, #dram>) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : memref<64x64xbf16, #dram> -> !A
  %c0 = arith.constant 0 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %cx = tt.alloc_cb "X" : !cb
    %cv = tt.alloc_cb "v" : !cbv
    %co = tt.alloc_cb "Y" : !cb
    // CHECK: %[[X:.*]] = tt.read_to_cb
    %x = tt.read_to_cb %cx, %tA[%c0, %c0, %c0] : !cb, !A -> !b
    // CHECK: %[[V:.*]] = tt.read_to_cb
    %v = tt.read_to_cb %cv, %tA[%c0, %c0, %c0] : !cbv, !A -> !tt.block<1x2xbf16>
    // CHECK: %[[R:.*]] = tt.fpu add %[[X]], %[[V]] bcast row :
    // CHECK-NOT: tt.bcast
    %r = tt.parallel [64, 64] ins(%x, %v : !b, !tt.block<1x2xbf16>) accesses [#tt.access<same>, #tt.access<row>] -> !b {
    ^bb0(%i: index, %j: index, %p: bf16, %q: bf16):
      %s = arith.addf %q, %p : bf16
      tt.yield %s : bf16
    }
    // CHECK: tt.write_from_cb %{{.*}}, %[[R]]
    tt.write_from_cb %co, %r, %tA[%c0, %c0, %c0] : !cb, !b, !A
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
!cb = !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 2>>
!A = !tt.tensor<"A", outer = 1, rows = 64, cols = 64, f32, #dram>
!f = !tt.block<2x2xf32>

// fp32 stays out of the matrix unit; functions that are written out are recognised;
// constants are arguments of the operation; a shared subexpression is computed once.

// CHECK-LABEL: tile.func @vector_unit
tile.func @vector_unit(%A: memref<64x64xf32, #dram>) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : memref<64x64xf32, #dram> -> !A
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.5 : f32
  %one = arith.constant 1.0 : f32
  %three = arith.constant 3.0 : f32
  %four = arith.constant 4.0 : f32
  %rsqrt2 = arith.constant 0.70710678 : f32
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %cx = tt.alloc_cb "X" : !cb
    %c1 = tt.alloc_cb "Y1" : !cb
    %c2 = tt.alloc_cb "Y2" : !cb
    %c3 = tt.alloc_cb "Y3" : !cb
    %c4 = tt.alloc_cb "Y4" : !cb
    // CHECK: %[[X:.*]] = tt.read_to_cb
    %x = tt.read_to_cb %cx, %tA[%c0, %c0, %c0] : !cb, !A -> !f
    %r:4 = tt.parallel [64, 64] ins(%x : !f) accesses [#tt.access<same>] -> !f, !f, !f, !f {
    ^bb0(%i: index, %j: index, %p: f32):
      // 0.5 * t * (1 + erf(t / sqrt(2))) of t = 3 - x
      // CHECK: %[[T:.*]] = tt.sfpu.scalar rsub %[[X]], 3.000000e+00
      // CHECK: %[[GELU:.*]] = tt.sfpu.unary gelu %[[T]]
      %t = arith.subf %three, %p : f32
      %h = arith.mulf %half, %t : f32
      %u = arith.mulf %t, %rsqrt2 : f32
      %e = math.erf %u : f32
      %w = arith.addf %one, %e : f32
      %g = arith.mulf %h, %w : f32
      // t * sigmoid(t)
      // CHECK: %[[SILU:.*]] = tt.sfpu.unary silu %[[T]]
      %n = arith.negf %t : f32
      %ex = math.exp %n : f32
      %d = arith.addf %one, %ex : f32
      %sig = arith.divf %one, %d : f32
      %silu = arith.mulf %t, %sig : f32
      // max(x, 0) / 4
      // CHECK: %[[RELU:.*]] = tt.sfpu.unary relu %[[X]]
      // CHECK: %[[Q:.*]] = tt.sfpu.scalar mul %[[RELU]], 2.500000e-01
      %m = arith.maximumf %p, %zero : f32
      %q = arith.divf %m, %four : f32
      // x / 3 is not a product
      // CHECK: %[[THREE:.*]] = tt.fill 3.000000e+00
      // CHECK: %[[D:.*]] = tt.sfpu.binary div %[[X]], %[[THREE]]
      %third = arith.divf %p, %three : f32
      tt.yield %g, %silu, %q, %third : f32, f32, f32, f32
    }
    // CHECK: tt.write_from_cb %{{.*}}, %[[GELU]]
    // CHECK: tt.write_from_cb %{{.*}}, %[[SILU]]
    // CHECK: tt.write_from_cb %{{.*}}, %[[Q]]
    // CHECK: tt.write_from_cb %{{.*}}, %[[D]]
    tt.write_from_cb %c1, %r#0, %tA[%c0, %c0, %c0] : !cb, !f, !A
    tt.write_from_cb %c2, %r#1, %tA[%c0, %c0, %c0] : !cb, !f, !A
    tt.write_from_cb %c3, %r#2, %tA[%c0, %c0, %c0] : !cb, !f, !A
    tt.write_from_cb %c4, %r#3, %tA[%c0, %c0, %c0] : !cb, !f, !A
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#dramf = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
!cb = !tt.cb<#tt.cb<Float16_b, page_bytes = 2048, block_pages = 2, depth = 2>>
!cbo = !tt.cb<#tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 2>>
!A = !tt.tensor<"A", outer = 1, rows = 64, cols = 64, bf16, #dram>
!C = !tt.tensor<"C", outer = 1, rows = 64, cols = 64, f32, #dramf>
!f = !tt.block<2x2xf32>

// Transposed operands are read in transposed tile order. B was scaled in the kernel
// first: the scaling is done in the new order. The untransposed read of A goes away.

// CHECK-LABEL: tile.func @transposed
tile.func @transposed(%A: memref<64x64xbf16, #dram>, %C: memref<64x64xf32, #dramf>)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"C", param>] {
  %tA = tt.accessor %A : memref<64x64xbf16, #dram> -> !A
  %c0 = arith.constant 0 : index
  %two = arith.constant 2.0 : bf16
  %tC = tt.accessor %C : memref<64x64xf32, #dramf> -> !C
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    // CHECK-COUNT-3: tt.alloc_cb
    // CHECK-NOT: tt.alloc_cb
    %ca = tt.alloc_cb "A_shared" : !cb
    %cb = tt.alloc_cb "B_shared" : !cb
    %co = tt.alloc_cb "C" : !cbo
    // CHECK: %[[A:.*]] = tt.read_to_cb {{.*}} transposed : {{.*}} -> <2x1xbf16>
    // CHECK: %[[AT:.*]] = tt.transpose %[[A]]
    %a = tt.read_to_cb %ca, %tA[%c0, %c0, %c0] : !cb, !A -> !tt.block<1x2xbf16>
    // CHECK: %[[B:.*]] = tt.read_to_cb {{.*}} transposed : {{.*}} -> <1x2xbf16>
    %b = tt.read_to_cb %cb, %tA[%c0, %c0, %c0] : !cb, !A -> !tt.block<2x1xbf16>
    // CHECK: %[[B2:.*]] = tt.sfpu.scalar mul %[[B]], 2.000000e+00 : <1x2xbf16>
    %b2 = tt.parallel [64, 32] ins(%b : !tt.block<2x1xbf16>) accesses [#tt.access<same>] -> !tt.block<2x1xbf16> {
    ^bb0(%i: index, %j: index, %p: bf16):
      %s = arith.mulf %p, %two : bf16
      tt.yield %s : bf16
    }
    %z = tt.fill 0.0 : f32 -> !f
    // CHECK: tt.mm.mma %[[AT]], %[[B2]], %{{.*}} transpose_b
    %c = tt.gemm %a, %b2, %z transpose_a transpose_b : (!tt.block<1x2xbf16>, !tt.block<2x1xbf16>, !f) -> !f
    tt.write_from_cb %co, %c, %tC[%c0, %c0, %c0] : !cbo, !f, !C
  }
}
