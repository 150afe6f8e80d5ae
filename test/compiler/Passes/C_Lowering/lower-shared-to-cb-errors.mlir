// RUN: tilewright-opt %s -split-input-file -verify-diagnostics -tt-lower-shared-to-cb

#acc = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 1>>
!buf = memref<64x64xf32, #acc>

tile.func @uninitialised() tensors [] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %z = arith.constant 0.0 : f32
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %X = tile.alloc "X" : !buf
    %C = tile.alloc "C_local" : !buf
    tile.fill %X, %z : !buf, f32
    tile.for serial name "k" %k = %c0 to %c2 step %c1 {
      // expected-error@+2 {{[TW4004] T.gemm adds to C_local, which has no contents yet}}
      // expected-note@+1 {{fix: T.clear(C_local) before the loop, or pass clear_accum=True}}
      tile.gemm %X, %X, %C : !buf, !buf, !buf
    }
  }
}

// -----

#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 1>>
!buf = memref<64x64xf32, #l1>

// A loop that runs no iteration does not initialise what is read behind it.
tile.func @empty(%A: !buf) tensors [#tile.tensor<"A", param>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %z = arith.constant 0.0 : f32
  tt.core_program <global, launch = [4], cores = [1, 1], starts = [0], counts = [4]> (%start, %count) {
    %X = tile.alloc "X" : !buf
    %Y = tile.alloc "Y" : !buf
    // expected-error@+2 {{[TW4004] X is read after this loop, which runs no iteration}}
    // expected-note@+1 {{fix: fill X before the loop}}
    tile.for serial name "k" %k = %c1 to %c0 step %c1 {
      tile.fill %X, %z : !buf, f32
    }
    tile.copy %X[%c0, %c0] [64, 64] to %Y[%c0, %c0] [64, 64] : !buf to !buf
  }
}

// -----

#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 1>>
!buf = memref<64x64xf32, #l1>

tile.func @parts() tensors [] {
  %c0 = arith.constant 0 : index
  %z = arith.constant 0.0 : f32
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %X = tile.alloc "X" : !buf
    %Y = tile.alloc "Y" : !buf
    tile.fill %X, %z : !buf, f32
    // expected-error@+2 {{[TW4003] T.copy: only a part of X is read}}
    // expected-note@+1 {{fix: allocate a buffer of the size of the part}}
    tile.copy %X[%c0, %c0] [32, 64] to %Y[%c0, %c0] [32, 64] : !buf to !buf
  }
}

// -----

#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 1>>
!buf = memref<64x64xf32, #l1>

tile.func @part_of_loop() tensors [] {
  %z = arith.constant 0.0 : f32
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %X = tile.alloc "X" : !buf
    tile.parallel (%i, %j) in [32, 64] names ["i", "j"] {
      // expected-error@+2 {{[TW4003] T.Parallel writes only a part of X (32 by 64 of 64 by 64)}}
      // expected-note@+1 {{fix: give the loop the extents of X}}
      memref.store %z, %X[%i, %j] : !buf
    }
  }
}

// -----

#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 1>>
!buf = memref<64x64xf32, #l1>

tile.func @shifted() tensors [] {
  %z = arith.constant 0.0 : f32
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %X = tile.alloc "X" : !buf
    %Y = tile.alloc "Y" : !buf
    tile.fill %X, %z : !buf, f32
    tile.parallel (%i, %j) in [64, 64] names ["i", "j"] {
      %k = arith.addi %i, %j : index
      // expected-error-re@+1 {{[TW4005] T.Parallel: X[{{.*}}] has no tile form: an index uses two loop variables}}
      %x = memref.load %X[%k, %j] : !buf
      memref.store %x, %Y[%i, %j] : !buf
    }
  }
}

// -----

#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 1>>
!buf = memref<64x64xf32, #l1>

tile.func @race() tensors [] {
  %z = arith.constant 0.0 : f32
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %X = tile.alloc "X" : !buf
    tile.fill %X, %z : !buf, f32
    tile.parallel (%i, %j) in [64, 64] names ["i", "j"] {
      // expected-error@+1 {{[TW4006] T.Parallel: an element of X is read that another iteration writes}}
      %x = memref.load %X[%j, %i] : !buf
      // expected-note@+2 {{written here}}
      // expected-note@-2 {{fix: use two loops}}
      memref.store %x, %X[%i, %j] : !buf
    }
  }
}

// -----

#col = #tt.layout<l1, interleaved, plane = [0, -1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 2, depth = 1>>

tile.func @same_element() tensors [] {
  %z = arith.constant 0.0 : f32
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %S = tile.alloc "S" : memref<64xf32, #col>
    tile.parallel (%i, %j) in [64, 64] names ["i", "j"] {
      // expected-error@+2 {{[TW4006] T.Parallel: every iteration of j writes the same element of S[}}
      // expected-note@+1 {{fix: use each loop variable}}
      memref.store %z, %S[%i] : memref<64xf32, #col>
    }
  }
}

// -----

#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 4, depth = 1>>
!buf = memref<64x64xf32, #l1>

tile.func @scalar_access() tensors [] {
  %c0 = arith.constant 0 : index
  %z = arith.constant 0.0 : f32
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %X = tile.alloc "X" : !buf
    // expected-error@+2 {{[TW4007] an element of X is accessed outside T.Parallel}}
    // expected-note@+1 {{fix: put the statement into a T.Parallel loop}}
    memref.store %z, %X[%c0, %c0] : !buf
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 2>>
!mem = memref<64x64xf32, #dram>
!buf = memref<32x32xf32, #l1>
!tensor = !tt.tensor<"A", outer = 1, rows = 64, cols = 64, f32, #dram>

tile.func @hazard(%A: !mem) tensors [#tile.tensor<"A", param>] {
  %tA = tt.accessor %A : !mem -> !tensor
  %c32 = arith.constant 32 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      // expected-error@+2 {{[TW4009] a block of A is read here, and another one of A is written in this loop}}
      // expected-note@+1 {{fix: keep the block in an on-chip buffer}}
      %x = memref.load %A[%i, %j] : !mem
      %at = arith.addi %i, %c32 : index
      // expected-note@+1 {{written here}}
      memref.store %x, %A[%at, %j] : !mem
    }
  }
}

// -----

#a = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = #tt.cb<Float32, page_bytes = 4096, block_pages = 1, depth = 1>>
#b = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float16_b, cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 1, depth = 1>>

tile.func @gemm_types() tensors [] {
  %z = arith.constant 0.0 : f32
  %zb = arith.constant 0.0 : bf16
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %X = tile.alloc "X" : memref<32x32xf32, #a>
    %Y = tile.alloc "Y" : memref<32x32xbf16, #b>
    tile.fill %X, %z : memref<32x32xf32, #a>, f32
    tile.fill %Y, %zb : memref<32x32xbf16, #b>, bf16
    // expected-error@+2 {{[TW4010] T.gemm: X has elements of type 'f32', Y of type 'bf16'}}
    // expected-note@+1 {{fix: T.copy one of them}}
    tile.gemm %X, %Y, %X : memref<32x32xf32, #a>, memref<32x32xbf16, #b>, memref<32x32xf32, #a>
  }
}

// -----

// A number of fewer than 32 bits that is not widened before it is computed on.
#bytes = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], UInt8>
tile.func @narrow(%n: memref<8xi8, #bytes>) tensors [#tile.tensor<"n", param>] {
  %tn = tt.accessor %n : memref<8xi8, #bytes> -> !tt.tensor<"n", outer = 1, rows = 1, cols = 8, i8, #bytes>
  %c0 = arith.constant 0 : index
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    // expected-error@+2 {{[TW4007] arithmetic on integers of 8 bits outside T.Parallel}}
    // expected-note@+1 {{fix: cast the element of n to int32 first}}
    %x = memref.load %n[%c0] : memref<8xi8, #bytes>
    %y = arith.addi %x, %x : i8
    %wide = arith.extsi %y : i8 to i32
    %end = arith.index_cast %wide : i32 to index
    scf.for %i = %c0 to %end step %end {
    }
  }
}

// -----

#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32>
tile.func @print () tensors [] {
  tt.core_program <global, launch = [1], cores = [1, 1], starts = [0], counts = [1]> (%start, %count) {
    %s = tile.alloc "s" : memref<32x32xf32, #l1>
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      // expected-error @below {{[TW2017] T.print in T.Parallel looks at single elements}}
      tile.print "here"
    }
  }
}
