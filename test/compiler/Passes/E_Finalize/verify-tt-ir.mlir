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

// -----

// Tensors that lie in L1 take their share of it.
#l1 = #tt.layout<l1, sharded, plane = [0, 1], tile = [32, 32], Float32 shard = <axes = [0], grid = [2], shape = [4096], cores = [2, 1], tiles = [128, 4], order = "row_major">>
// expected-error @below {{[TW5321] L1 usage 2097152 bytes exceeds capacity}}
tile.func @resident (%A: memref<8192x128xf32, #l1>) tensors [#tile.tensor<"A", param>] {
  // expected-note @above {{fix: fewer pipeline stages, or smaller blocks}}
}

// -----

#l1 = #tt.layout<l1, sharded, plane = [0, 1], tile = [32, 32], Float32 shard = <axes = [0], grid = [2], shape = [4096], cores = [2, 1], tiles = [128, 4], order = "row_major">>
// expected-error @below {{[TW5321] L1 usage 2097152 bytes exceeds capacity}}
// expected-note @below {{fix: fewer pipeline stages, or smaller blocks}}
// expected-warning @below {{[TW5326] Unbalanced kernel split detected: 0 kernels}}
metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>) {
  metalium.tensor @A input memref<8192x128xf32, #l1>
}

// -----

// expected-warning @below {{[TW5327] 29 of 32 circular buffers are used}}
// expected-warning @below {{[TW5326] Unbalanced kernel split detected: 0 kernels}}
metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>) {
  metalium.circular_buffer @cb0 index 0 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb1 index 1 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb2 index 2 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb3 index 3 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb4 index 4 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb5 index 5 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb6 index 6 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb7 index 7 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb8 index 8 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb9 index 9 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb10 index 10 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb11 index 11 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb12 index 12 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb13 index 13 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb14 index 14 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb15 index 15 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb16 index 16 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb17 index 17 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb18 index 18 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb19 index 19 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb20 index 20 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb21 index 21 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb22 index 22 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb23 index 23 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb24 index 24 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb25 index 25 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb26 index 26 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb27 index 27 Float16_b pages 1 x 2048 from reader to writer
  metalium.circular_buffer @cb28 index 28 Float16_b pages 1 x 2048 from reader to writer
}

// -----

// IR of stage D: no kernel has argument lists yet.
// expected-warning @below {{[TW5326] Unbalanced kernel split detected: 1 kernels}}
metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>) {
  metalium.kernel @reader reader {
  }
}

// -----

// Behind E1, each has.
// expected-warning @below {{[TW5326] Unbalanced kernel split detected: 2 kernels}}
metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>) {
  // expected-error @below {{[TW5323] Missing required attributes for reader kernel: [args, ct_args]; look at tt-finalize-signature}}
  metalium.kernel @reader reader {
  }
  metalium.kernel @writer writer args(<[]>) ct_args(<[]>) {
  }
}
