// RUN: tilewright-opt %s --split-input-file --verify-diagnostics

// The verifiers of the tile dialect.

tile.func @reduce () tensors [] {
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    %x = tile.alloc "x" : memref<32x64xf32, #tile.scope<fragment>>
    %y = tile.alloc "y" : memref<64xf32, #tile.scope<fragment>>
    // expected-error @below {{[TW2003] the reduction of}}
    tile.reduce sum %x, %y dim 1 : memref<32x64xf32, #tile.scope<fragment>>, memref<64xf32, #tile.scope<fragment>>
  }
}

// -----

tile.func @rank () tensors [] {
  %c1 = arith.constant 1 : index
  // expected-error @below {{[TW2004] a launch grid has one to three extents, this one has 4}}
  tile.launch (%a, %b, %c, %d) in (%c1, %c1, %c1, %c1) names ["a", "b", "c", "d"] {
  }
}

// -----

tile.func @stages () tensors [] {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.launch (%bx) in (%c1) names ["bx"] {
    // expected-error @below {{[TW2005] num_stages is -1, it counts blocks in flight}}
    tile.for pipelined stages -1 name "k" %k = %c0 to %c1 step %c1 {
    }
  }
}

// -----

tile.func @names () tensors [] {
  %c1 = arith.constant 1 : index
  // expected-error @below {{[TW6001] a launch has one block id and one name an extent}}
  tile.launch (%bx) in (%c1) names ["bx", "by"] {
  }
}

// -----

tile.func @bodies (%A: memref<64x64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  %c0 = arith.constant 0 : index
  tile.parallel (%i) in [64] names ["i"] {
    // expected-error @below {{[TW6001] an operation on tiles stands in a parallel loop, whose body is scalar}}
    tile.copy %A[%c0, %c0] [64, 64] to %A[%c0, %c0] [64, 64] : memref<64x64xf32, #tile.scope<global>> to memref<64x64xf32, #tile.scope<global>>
  }
}
