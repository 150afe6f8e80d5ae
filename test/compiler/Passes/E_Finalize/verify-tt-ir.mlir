// RUN: tilewright-opt %s --verify-tt-ir --split-input-file --verify-diagnostics

// expected-error @below {{[TW5325] Unsupported dtype 'f64' for buffer A}}
tile.func @dtype (%A: memref<64xf64, #tile.scope<global>>) tensors [#tile.tensor<"A", param>] {
  // expected-note @above {{fix: use bfloat16, float16, float32, or integers of 8 to 32 bits}}
}

// -----

// expected-error @below {{[TW5323] Missing required attributes for program 'p': [work]; look at tt-partition-work}}
// expected-warning @below {{[TW5324] L1 usage 1228800 bytes is above 80 % of capacity}}
// expected-warning @below {{[TW5326] Unbalanced kernel split detected: 0 kernels, of reader, compute and writer}}
metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.circular_buffer @cb index 0 Float16_b pages 600 x 2048 from reader to writer
}

// -----

// A scalar program has one kernel, and 8-bit floats in memory.
#bytes = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], UInt8>
// expected-warning @below {{[TW5326] Unbalanced kernel split detected: 0 kernels, a scalar program has a writer}}
metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>) scalar {
  metalium.tensor @A input memref<64xf8E4M3FN, #bytes>
}
