// RUN: tilewright-opt %s --tt-infer-layout --split-input-file --verify-diagnostics

// expected-error @below {{[TW2010] the element type of A, 'f64', is not supported on this target}}
tile.func @dtype (%A: memref<64xf64, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  // expected-note @above {{fix: use float32, bfloat16, float16, int32 or uint32}}
}

// -----

// expected-error @below {{[TW2011] output C is never written}}
tile.func @unwritten (%C: memref<64xf32, #tile.scope<global>>) tensors [#tile.tensor<"C", result>] {
  // expected-note @above {{fix: copy a result to C, or do not return it}}
}

// -----

// expected-error @below {{[TW2008] the shape of A is not constant: dimension 0 is computed from sizes, not a size itself}}
tile.func @dynamic (%A: memref<?xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  // expected-note @above {{fix: compile for a fixed size}}
}

// -----

tile.func @scalar (%n: i32) tensors [#tile.tensor<"n", param>] {
  // expected-error @below {{[TW2012] scalar argument n is needed before the launch}}
  // expected-note @below {{fix: make it a compile-time constant}}
  %blocks = arith.index_cast %n : i32 to index
  tile.launch (%bx) in (%blocks) names ["bx"] {
  }
}

// -----

// expected-error @below {{[TW2012] scalar argument n has no form that kernels read}}
// expected-note @below {{fix: make it a compile-time constant}}
tile.func @wide_scalar (%n: i64) tensors [#tile.tensor<"n", param>] {
}
tile.func @scalar (%n: i32) tensors [#tile.tensor<"n", param>] {
}

// -----

// expected-error @below {{[TW2007] A has no dimension}}
tile.func @scalar_tensor (%A: memref<f32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
}

// -----

// expected-error @below {{[TW2009] A has an extent of 0}}
tile.func @empty (%A: memref<0x32xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
}

// -----

// expected-error @below {{[TW2013] blocks of A span 3 dimensions; a block is a matrix}}
tile.func @cube (%A: memref<17x32x32xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  // expected-note @above {{fix: copy one matrix at a time, with the other indices fixed}}
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %x = tile.alloc "x" : memref<17x32x32xf32, #tile.scope<shared>>
    tile.copy %A[%c0, %c0, %c0] [17, 32, 32] to %x[%c0, %c0, %c0] [17, 32, 32] : memref<17x32x32xf32, #tile.scope<global>> to memref<17x32x32xf32, #tile.scope<shared>>
  }
}

// -----

tile.func @beyond_buffer (%A: memref<64x64xf32, #tile.scope<global>>, %C: memref<64x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>, #tile.tensor<"C", result>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c32 = arith.constant 32 : index
  tile.launch (%bx loc("bx")) in (%c2) names ["bx"] {
    %a = tile.alloc "a" : memref<64x64xf32, #tile.scope<shared>>
    %b = tile.alloc "b" : memref<64x64xf32, #tile.scope<fragment>>
    %row = arith.muli %bx, %c32 : index
    // Sixteen rows too many, of the second block.
    // expected-error @below {{[TW2018] index bx * 32 + 47 of dimension 0 reaches 79, which lies outside a (64, 64)}}
    // expected-note @below {{fix: index 0 to 63; bound the loop, or put the access under an if}}
    tile.copy %A[%c0, %c0] [48, 64] to %a[%row, %c0] [48, 64] : memref<64x64xf32, #tile.scope<global>> to memref<64x64xf32, #tile.scope<shared>>
    tile.for serial name "k" %k = %c0 to %c2 step %c1 {
      tile.parallel (%i loc("i"), %j loc("j")) in [64, 64] names ["i", "j"] {
        %left = arith.subi %j, %c1 : index
        // expected-error @below {{[TW2018] index j - 1 of dimension 1 reaches -1, which lies outside a (64, 64)}}
        // expected-note @below {{fix: index 0 to 63; bound the loop, or put the access under an if}}
        %value = memref.load %a[%i, %left] : memref<64x64xf32, #tile.scope<shared>>
        %below = arith.addi %i, %k : index
        // expected-error @below {{[TW2018] index i + a run-time value of dimension 0 reaches 64, which lies outside b (64, 64)}}
        // expected-note @below {{fix: index 0 to 63; bound the loop, or put the access under an if}}
        memref.store %value, %b[%below, %j] : memref<64x64xf32, #tile.scope<fragment>>
      }
    }
    tile.copy %b[%c0, %c0] [64, 64] to %C[%c0, %c0] [64, 64] : memref<64x64xf32, #tile.scope<fragment>> to memref<64x64xf32, #tile.scope<global>>
  }
}

// -----

// A loop over more elements than the buffer has.

tile.func @longer(%A: memref<64xf32, #tile.scope<global>>, %C: memref<64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>, #tile.tensor<"C", result>] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %a = tile.alloc "a" : memref<64xf32, #tile.scope<shared>>
    %one = tile.alloc "one" : memref<1xf32, #tile.scope<fragment>>
    tile.copy %A[%c0] [64] to %a[%c0] [64] : memref<64xf32, #tile.scope<global>> to memref<64xf32, #tile.scope<shared>>
    tile.parallel (%i loc("i")) in [64] names ["i"] {
      %value = memref.load %a[%i] : memref<64xf32, #tile.scope<shared>>
      // expected-warning @below {{[TW2018] index i of dimension 0 reaches 63, which lies outside one (1)}}
      // expected-note @below {{fix: index 0 to 0; bound the loop, or put the access under an if}}
      memref.store %value, %one[%i] : memref<1xf32, #tile.scope<fragment>>
    }
    tile.copy %a[%c0] [64] to %C[%c0] [64] : memref<64xf32, #tile.scope<shared>> to memref<64xf32, #tile.scope<global>>
  }
}
