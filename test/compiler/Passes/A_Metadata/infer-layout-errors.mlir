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

// expected-error @below {{[TW2012] scalar argument n is not supported yet}}
tile.func @scalar (%n: i32) tensors [#tile.tensor<"n", param>] {
}

// -----

tile.func @both () tensors [] {
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %s = tile.alloc "s" : memref<32xf32, #tile.scope<shared>>
    %x = tile.alloc "x" : memref<32x32xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in [32, 32] names ["i", "j"] {
      // expected-note @below {{and along a column here}}
      %a = memref.load %s[%i] : memref<32xf32, #tile.scope<shared>>
      // expected-error @below {{[TW2014] vector s is used along a row here}}
      %b = memref.load %s[%j] : memref<32xf32, #tile.scope<shared>>
      // expected-note @above {{fix: use two buffers, one for each direction}}
      %c = arith.mulf %a, %b : f32
      memref.store %c, %x[%i, %j] : memref<32x32xf32, #tile.scope<fragment>>
    }
  }
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
tile.func @cube (%A: memref<2x32x32xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  // expected-note @above {{fix: copy one matrix at a time, with the other indices fixed}}
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %x = tile.alloc "x" : memref<2x32x32xf32, #tile.scope<shared>>
    tile.copy %A[%c0, %c0, %c0] [2, 32, 32] to %x[%c0, %c0, %c0] [2, 32, 32] : memref<2x32x32xf32, #tile.scope<global>> to memref<2x32x32xf32, #tile.scope<shared>>
  }
}

// -----

tile.func @print () tensors [] {
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    // expected-error @below {{[TW2017] T.print looks at single elements}}
    tile.print "here"
  }
}
