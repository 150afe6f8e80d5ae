// RUN: tilewright-opt %s --tt-verify-stage-a --split-input-file --verify-diagnostics

// expected-error @below {{[TW2006] A has no #tt.layout after stage A; tt-infer-layout should have set it}}
tile.func @layout (%A: memref<64xf32, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
}

// -----

#l1 = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32>
tile.func @geometry () tensors [] {
  // expected-error @below {{[TW2016] s has no circular buffer geometry after stage A}}
  %s = tile.alloc "s" : memref<32x32xf32, #l1>
}
