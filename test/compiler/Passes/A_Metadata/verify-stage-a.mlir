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

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float32>
#cb = #tt.layout<l1, interleaved, plane = [0, 1], tile = [32, 32], Float32, cb = <Float32, page_bytes = 4096, block_pages = 1, depth = 2>>
// expected-error @below {{[TW2015] tensor A has no accessor after stage A; tt-attach-tensor-accessor should have made it}}
tile.func @accessor (%A: memref<32x32xf32, #dram>) tensors [#tile.tensor<"A", param>] {
  %c0 = arith.constant 0 : index
  %s = tile.alloc "s" : memref<32x32xf32, #cb>
  tile.copy %A[%c0, %c0] [32, 32] to %s[%c0, %c0] [32, 32] : memref<32x32xf32, #dram> to memref<32x32xf32, #cb>
}
