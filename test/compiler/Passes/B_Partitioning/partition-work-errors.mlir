// RUN: tilewright-opt %s --tt-partition-work --split-input-file --verify-diagnostics

// expected-error @below {{[TW3005] program f launches nothing}}
tile.func @f () tensors [] {
}

// -----

tile.func @two () tensors [] {
  %c1 = arith.constant 1 : index
  // expected-note @below {{the first launch is here}}
  tile.launch (%bx) in (%c1) names ["bx"] {
  }
  // expected-error @below {{[TW3006] a second launch in one program is not supported yet}}
  tile.launch (%by) in (%c1) names ["by"] {
  }
}

// -----

tile.func @dynamic (%A: memref<?xf32, #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>>) tensors [#tile.tensor<"A", param>] {
  %c0 = arith.constant 0 : index
  %n = memref.dim %A, %c0 : memref<?xf32, #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>>
  // expected-error @below {{[TW3003] the extents of the launch grid are only known at the call, and they are more than sums, products and quotients of sizes}}
  // expected-note @below {{fix: compile for a fixed size}}
  tile.launch (%bx) in (%n) names ["bx"] {
  }
}

// -----

tile.func @large () tensors [] {
  %c1 = arith.constant 4294967296 : index
  %c2 = arith.constant 8589934592 : index
  // expected-error @below {{[TW3018] the launch grid of 4294967296 x 8589934592 has more than 33554432 blocks}}
  // expected-note @below {{fix: let each block do more, or use several launches}}
  tile.launch (%bx, %by) in (%c1, %c2) names ["bx", "by"] {
  }
}

// -----

// A product of two negative extents is no number of blocks.
tile.func @negative () tensors [] {
  %c1 = arith.constant -2 : index
  // expected-error @below {{[TW2009] the launch grid has an extent of -2}}
  tile.launch (%bx, %by) in (%c1, %c1) names ["bx", "by"] {
  }
}
