// RUN: tilewright-opt %s -split-input-file -tt-lower-shared-to-cb | FileCheck %s

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 8, depth = 3>
#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float16_b, cb = #cb>
#acc = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 16, depth = 1>>
#out = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float16_b, cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 16, depth = 2>>
!mem = memref<1024x1024xbf16, #dram>
!tensorA = !tt.tensor<"A", outer = 1, rows = 1024, cols = 1024, bf16, #dram>
!tensorB = !tt.tensor<"B", outer = 1, rows = 1024, cols = 1024, bf16, #dram>
!tensorC = !tt.tensor<"C", outer = 1, rows = 1024, cols = 1024, bf16, #dram>

// A pipelined gemm: offsets are divided symbolically, the accumulator is carried,
// the operands are not, and the copy that changes the type is a cast.

// CHECK-LABEL: tile.func @gemm
tile.func @gemm(%A: !mem, %B: !mem, %C: !mem)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"B", param>, #tile.tensor<"C", result>] {
  %tA = tt.accessor %A : !mem -> !tensorA
  %tB = tt.accessor %B : !mem -> !tensorB
  %tC = tt.accessor %C : !mem -> !tensorC
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %c16 = arith.constant 16 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  %zero = arith.constant 0.0 : f32
  // CHECK: tt.core_program
  tt.core_program <global, launch = [8, 8], cores = [1, 1], starts = [0], counts = [64]> (%start, %count) {
    // CHECK: %[[CBA:.*]] = tt.alloc_cb "A_shared" : <<Float16_b, page_bytes = 2048, block_pages = 8, depth = 3>>
    // CHECK: %[[CBB:.*]] = tt.alloc_cb "B_shared"
    // CHECK: %[[CBC:.*]] = tt.alloc_cb "C" : <<Float16_b, page_bytes = 2048, block_pages = 16, depth = 2>>
    // CHECK-NOT: tt.alloc_cb
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      // CHECK: %[[BX:.*]] = arith.remui
      %bx = arith.remui %item, %c8 : index
      // CHECK: %[[BY:.*]] = arith.divui
      %by = arith.divui %item, %c8 : index
      %As = tile.alloc "A_shared" : memref<128x64xbf16, #l1>
      %Bs = tile.alloc "B_shared" : memref<64x128xbf16, #l1>
      %Cl = tile.alloc "C_local" : memref<128x128xf32, #acc>
      %Co = tile.alloc "C" : memref<128x128xbf16, #out>
      // CHECK: %[[ZERO:.*]] = tt.fill 0.000000e+00 : f32 -> <4x4xf32>
      tile.fill %Cl, %zero : memref<128x128xf32, #acc>, f32
      %m = arith.muli %by, %c128 : index
      %n = arith.muli %bx, %c128 : index
      // CHECK: %[[LOOP:.*]] = scf.for %[[K:.*]] = {{.*}} iter_args(%[[ACC:.*]] = %[[ZERO]]) -> (!tt.block<4x4xf32>)
      tile.for pipelined stages 3 name "k" %k = %c0 to %c16 step %c1 {
        %kk = arith.muli %k, %c64 : index
        // CHECK: %[[ROW:.*]] = arith.muli %[[BY]], %c4{{.*}} : index
        // CHECK: %[[COL:.*]] = arith.muli %[[K]], %c2{{.*}} : index
        // CHECK: %[[A:.*]] = tt.read_to_cb %[[CBA]], %{{.*}}[%c0, %[[ROW]], %[[COL]]] : {{.*}} -> <4x2xbf16>
        tile.copy %A[%m, %kk] [128, 64] to %As[%c0, %c0] [128, 64] : !mem to memref<128x64xbf16, #l1>
        // CHECK: %[[B:.*]] = tt.read_to_cb %[[CBB]], {{.*}} -> <2x4xbf16>
        tile.copy %B[%kk, %n] [64, 128] to %Bs[%c0, %c0] [64, 128] : !mem to memref<64x128xbf16, #l1>
        // CHECK: %[[SUM:.*]] = tt.gemm %[[A]], %[[B]], %[[ACC]] :
        tile.gemm %As, %Bs, %Cl : memref<128x64xbf16, #l1>, memref<64x128xbf16, #l1>, memref<128x128xf32, #acc>
        // CHECK: scf.yield %[[SUM]]
      }
      // CHECK: %[[OUT:.*]] = tt.cast %[[LOOP]] : <4x4xf32> -> <4x4xbf16>
      tile.copy %Cl[%c0, %c0] [128, 128] to %Co[%c0, %c0] [128, 128] : memref<128x128xf32, #acc> to memref<128x128xbf16, #out>
      // CHECK: tt.write_from_cb %[[CBC]], %[[OUT]],
      tile.copy %Co[%c0, %c0] [128, 128] to %C[%m, %n] [128, 128] : memref<128x128xbf16, #out> to !mem
    }
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 2>>
#vec = #tt.layout<l1, interleaved, plane = [-1, 0], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 2, depth = 2>>
#dvec = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!mem = memref<64x64xf32, #dram>
!buf = memref<64x64xf32, #l1>
!tensorA = !tt.tensor<"A", outer = 1, rows = 64, cols = 64, f32, #dram>
!tensorV = !tt.tensor<"V", outer = 1, rows = 1, cols = 64, f32, #dvec>
!tensorD = !tt.tensor<"D", outer = 1, rows = 64, cols = 64, f32, #dram>
!tensorC = !tt.tensor<"C", outer = 1, rows = 64, cols = 64, f32, #dram>

// Parallel loops: how each buffer is accessed, a load of what the body stored, an update
// in place, a tensor that is accessed directly.

// CHECK-LABEL: tile.func @parallel
tile.func @parallel(%A: !mem, %V: memref<64xf32, #dvec>, %C: !mem, %D: !mem)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"V", param>, #tile.tensor<"C", result>, #tile.tensor<"D", result>] {
  %tA = tt.accessor %A : !mem -> !tensorA
  %tV = tt.accessor %V : memref<64xf32, #dvec> -> !tensorV
  %tD = tt.accessor %D : !mem -> !tensorD
  %tC = tt.accessor %C : !mem -> !tensorC
  %c0 = arith.constant 0 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %X = tile.alloc "X" : !buf
    %v = tile.alloc "v" : memref<64xf32, #vec>
    // CHECK: %[[A:.*]] = tt.read_to_cb
    tile.copy %A[%c0, %c0] [64, 64] to %X[%c0, %c0] [64, 64] : !mem to !buf
    // CHECK: %[[V:.*]] = tt.read_to_cb {{.*}} -> <1x2xf32>
    tile.copy %V[%c0] [64] to %v[%c0] [64] : memref<64xf32, #dvec> to memref<64xf32, #vec>
    // CHECK: %[[P:.*]]:2 = tt.parallel [64, 64] ins(%[[A]], %[[V]] : {{.*}}) accesses [#tt.access<same>, #tt.access<row>] -> !tt.block<2x2xf32>, !tt.block<2x2xf32>
    tile.parallel (%i, %j) in [64, 64] names ["i", "j"] {
      // CHECK-NEXT: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[X:.*]]: f32, %[[Y:.*]]: f32):
      %x = memref.load %X[%i, %j] : !buf
      %y = memref.load %v[%j] : memref<64xf32, #vec>
      // CHECK-NEXT: %[[S:.*]] = arith.addf %[[X]], %[[Y]]
      %s = arith.addf %x, %y : f32
      memref.store %s, %X[%i, %j] : !buf
      %again = memref.load %X[%i, %j] : !buf
      // CHECK-NEXT: %[[T:.*]] = arith.mulf %[[S]], %[[S]]
      %t = arith.mulf %again, %again : f32
      // CHECK-NEXT: tt.yield %[[S]], %[[T]]
      memref.store %t, %C[%i, %j] : !mem
    }
    // CHECK: tt.write_from_cb %{{.*}}, %[[P]]#1
    // CHECK: %[[Q:.*]] = tt.parallel [64, 64] ins(%[[P]]#0 : !tt.block<2x2xf32>) accesses [#tt.access<transposed>]
    // CHECK: tt.write_from_cb %{{.*}}, %[[Q]]
    tile.parallel (%i, %j) in [64, 64] names ["i", "j"] {
      %x = memref.load %X[%j, %i] : !buf
      memref.store %x, %D[%i, %j] : !mem
    }
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [1, 2], tile = [32, 32], Float32>
#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 2, depth = 2>>
!mem = memref<3x100x64xf32, #dram>
!buf = memref<32x64xf32, #l1>
!tensorA = !tt.tensor<"A", outer = 3, rows = 100, cols = 64, f32, #dram>
!tensorC = !tt.tensor<"C", outer = 3, rows = 100, cols = 64, f32, #dram>

// An outer dimension goes to `outer`; a loop with a step that is a multiple of 32; a
// block that each iteration reads first is not carried; a buffer that keeps the last
// iteration's block is.

// CHECK-LABEL: tile.func @loops
tile.func @loops(%A: !mem, %C: !mem)
    tensors [#tile.tensor<"A", param>, #tile.tensor<"C", result>] {
  %tA = tt.accessor %A : !mem -> !tensorA
  %tC = tt.accessor %C : !mem -> !tensorC
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c32 = arith.constant 32 : index
  %c128 = arith.constant 128 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %X = tile.alloc "X" : !buf
    %Last = tile.alloc "Last" : !buf
    // CHECK: %[[PLACEHOLDER:.*]] = tt.fill 0.0
    // CHECK: %[[LOOP:.*]] = scf.for %[[R:.*]] = %c0 to %c128 step %c32 iter_args(%{{.*}} = %[[PLACEHOLDER]])
    tile.for serial name "r" %r = %c0 to %c128 step %c32 {
      // CHECK: %[[TILE:.*]] = arith.divsi %[[R]], %c32
      // CHECK: %[[BLOCK:.*]] = tt.read_to_cb %{{.*}}, %{{.*}}[%c2{{.*}}, %[[TILE]], %c0]
      tile.copy %A[%c2, %r, %c0] [1, 32, 64] to %X[%c0, %c0] [32, 64] : !mem to !buf
      tile.copy %X[%c0, %c0] [32, 64] to %Last[%c0, %c0] [32, 64] : !buf to !buf
      // CHECK: scf.yield %[[BLOCK]]
    }
    // CHECK: tt.write_from_cb %{{.*}}, %[[LOOP]], %{{.*}}[%c1, %c2, %c0]
    %c64 = arith.constant 64 : index
    tile.copy %Last[%c0, %c0] [32, 64] to %C[%c1, %c64, %c0] [1, 32, 64] : !buf to !mem
  }
}
