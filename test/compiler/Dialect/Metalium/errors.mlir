// RUN: tilewright-opt %s -split-input-file -verify-diagnostics

// The wrong kernel for a call.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @compute compute {
    // expected-error @+1 {{[TW5004] 'metalium.noc_async_read_barrier' runs on dm, but 'compute' is a compute kernel}}
    metalium.noc_async_read_barrier
  }
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader {
    // expected-error @+1 {{[TW5004] 'metalium.tile_regs_acquire' runs on math, but 'reader' is a reader kernel}}
    metalium.tile_regs_acquire
  }
}

// -----

// Operands out of range.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @compute compute {
    %c16 = arith.constant 16 : index
    // expected-error @+1 {{[TW5003] 'metalium.exp_tile': dst is 16, but DST has at most 16 tiles}}
    metalium.exp_tile %c16
  }
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.circular_buffer @cb index 0 Float16_b pages 2 x 2048 from reader to compute
  metalium.kernel @reader reader {
    %cb = metalium.cb_ref @cb
    %c0 = arith.constant 0 : index
    // expected-error @+1 {{[TW5003] 'metalium.cb_push_back': pages is 0, but it must be at least 1}}
    metalium.cb_push_back %cb, %c0
  }
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader {
    %l1 = metalium.mem_zeros_base
    %noc = metalium.get_local_noc_addr %l1
    %bytes = arith.constant 16385 : index
    // expected-error @+1 {{[TW5003] 'metalium.noc_async_read_one_packet': bytes is 16385, but a NoC packet has at most 16384 bytes}}
    metalium.noc_async_read_one_packet %noc, %l1, %bytes
  }
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader {
    %l1 = metalium.mem_zeros_base
    %value = arith.constant -1 : index
    // expected-error @+1 {{[TW5003] 'metalium.l1_store_u32': value is -1, but it is an unsigned 32-bit value}}
    metalium.l1_store_u32 %value, %l1
  }
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @compute compute {
    %c0 = arith.constant 0 : index
    // expected-error @+1 {{[TW5003] 'metalium.fill_tile': the value must be finite; fill_tile_bitcast takes any}}
    metalium.fill_tile %c0 {value = 0x7F800000 : f32}
  }
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.circular_buffer @cb index 0 Float16_b pages 2 x 2048 from reader to compute
  metalium.kernel @compute compute {
    %cb = metalium.cb_ref @cb
    // expected-error @+1 {{[TW5003] 'metalium.compute_kernel_hw_startup': 'reverse' exchanges two operands, but there is one}}
    metalium.compute_kernel_hw_startup %cb -> %cb {reverse}
  }
}

// -----

// Blocks of a matmul: 32-bit DST in two halves holds 4 tiles.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb index 0 Float16_b pages 2 x 2048 from reader to compute
  metalium.kernel @compute compute {
    %cb = metalium.cb_ref @cb
    // expected-error @+1 {{[TW5005] 'metalium.matmul_block_init': a block of 4x2 tiles does not fit the 4 tiles of DST}}
    metalium.matmul_block_init %cb, %cb {ct = 2, rt = 4, kt = 1}
  }
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.circular_buffer @cb index 0 Float16_b pages 2 x 2048 from reader to compute
  metalium.kernel @compute compute {
    %cb = metalium.cb_ref @cb
    %c0 = arith.constant 0 : index
    // expected-error @+1 {{[TW5003] 'metalium.matmul_block': ct, rt and kt must be at least 1}}
    metalium.matmul_block %cb, %cb, %c0, %c0, %c0 {ct = 1, rt = 1, kt = 0}
  }
}

// -----

// Names that the program does not have.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader {
    // expected-error @+1 {{[TW5002] the program has no circular buffer 'cb'}}
    %cb = metalium.cb_ref @cb
  }
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader {
    // expected-error @+1 {{[TW5002] the program has no semaphore 'ready'}}
    %ready = metalium.get_semaphore @ready
  }
}

// -----

// Declarations that no core can have.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  // expected-error @+1 {{[TW5001] 'metalium.circular_buffer' 'cb' has index 64, the limit is 63}}
  metalium.circular_buffer @cb index 64 Float16_b pages 2 x 2048 from reader to compute
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  // expected-error @+1 {{[TW5001] 'metalium.circular_buffer' 'cb' has no pages}}
  metalium.circular_buffer @cb index 0 Float16_b pages 0 x 2048 from reader to compute
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  // expected-error @+1 {{[TW5001] 'metalium.circular_buffer' 'cb' has pages of 100 bytes, which is not a multiple of 16}}
  metalium.circular_buffer @cb index 0 Float16_b pages 2 x 100 from reader to compute
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  // expected-error @+1 {{[TW5001] 'metalium.semaphore_decl' 'ready' has id 16, the limit is 15}}
  metalium.semaphore_decl @ready id 16 initial 0
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  // expected-error @+1 {{[TW5001] 'metalium.tensor' the tile plane of 'A' has dimension 2, its rank is 2}}
  metalium.tensor @A input memref<64x64xbf16, #tt.layout<dram, interleaved, plane = [0, 2], tile = [32, 32], Float16_b>>
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  // expected-error @+1 {{[TW5001] 'metalium.tensor' 3 shards of 32 elements along dimension 0 do not cut 'A'}}
  metalium.tensor @A input memref<64x64xbf16, #tt.layout<l1, sharded, plane = [0, 1], tile = [32, 32], Float16_b shard = <axes = [0], grid = [3], shape = [32], cores = [3, 1], tiles = [1, 2], order = "row_major">>>
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  // expected-error @+1 {{[TW5001] 'metalium.tensor' tensor 'A' has no #tt.layout as its memory space}}
  metalium.tensor @A input memref<64x64xbf16>
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  // expected-error @+1 {{argument 'start' stands twice in the list}}
  metalium.kernel @reader reader args(<[<"start", work_start>, <"start", work_count>]>) {
  }
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  // expected-error @+1 {{[TW5001] 'metalium.tensor' 'A' has an extent of 4294967296, which no kernel counts}}
  metalium.tensor @A input memref<4294967296x64xbf16, #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>>
}
