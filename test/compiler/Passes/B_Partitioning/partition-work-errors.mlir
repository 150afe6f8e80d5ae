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
