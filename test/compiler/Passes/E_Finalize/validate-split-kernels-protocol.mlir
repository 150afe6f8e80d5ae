// RUN: tilewright-opt %s --split-input-file --verify-diagnostics --tt-validate-split-kernels

// The reader takes the address before it reserves.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float16_b pages 2 x 2048 from compute to writer
  metalium.kernel @reader reader args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c2048 = arith.constant 2048 : index
    %addr = metalium.arg "A_addr" tensor_address "A"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_A
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      // expected-error-re@+1 {{[TW5521] 'metalium.get_write_ptr' uses pages of cb_A ({{.*}}) that are not reserved}}
      %l1 = metalium.get_write_ptr %cb
      metalium.cb_reserve_back %cb, %c2
      %last = scf.for %t = %c0 to %c2 step %c1 iter_args(%at = %l1) -> (index) {
        metalium.noc_async_read_page %t, %A, %at
        %next = arith.addi %at, %c2048 : index
        scf.yield %next : index
      }
      metalium.noc_async_read_barrier
      metalium.cb_push_back %cb, %c2
    }
  }
  metalium.kernel @compute compute args(<[#metalium.arg<"count", work_count>]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %count = metalium.arg "count" work_count
    %a = metalium.cb_ref @cb_A
    %c = metalium.cb_ref @cb_C
    metalium.compute_kernel_hw_startup %a -> %c
    metalium.copy_init %a
    metalium.relu_tile_init
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_wait_front %a, %c2
      metalium.cb_reserve_back %c, %c2
      metalium.tile_regs_acquire
      scf.for %t = %c0 to %c2 step %c1 {
        metalium.copy_tile %a, %t, %t
        metalium.relu_tile %t
      }
      metalium.tile_regs_commit
      metalium.tile_regs_wait
      metalium.pack_block %c0, %c, %c2
      metalium.tile_regs_release
      metalium.cb_push_back %c, %c2
      metalium.cb_pop_front %a, %c2
    }
  }
  metalium.kernel @writer writer args(<[#metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %addr = metalium.arg "C_addr" tensor_address "C"
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "C"
    %C = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_C
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_wait_front %cb, %c2
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      metalium.cb_pop_front %cb, %c2
    }
  }
}

// -----

// Compute unpacks before it waits.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float16_b pages 2 x 2048 from compute to writer
  metalium.kernel @reader reader args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c2048 = arith.constant 2048 : index
    %addr = metalium.arg "A_addr" tensor_address "A"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_A
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      metalium.cb_reserve_back %cb, %c2
      %l1 = metalium.get_write_ptr %cb
      %last = scf.for %t = %c0 to %c2 step %c1 iter_args(%at = %l1) -> (index) {
        metalium.noc_async_read_page %t, %A, %at
        %next = arith.addi %at, %c2048 : index
        scf.yield %next : index
      }
      metalium.noc_async_read_barrier
      metalium.cb_push_back %cb, %c2
    }
  }
  metalium.kernel @compute compute args(<[#metalium.arg<"count", work_count>]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %count = metalium.arg "count" work_count
    %a = metalium.cb_ref @cb_A
    %c = metalium.cb_ref @cb_C
    metalium.compute_kernel_hw_startup %a -> %c
    metalium.copy_init %a
    metalium.relu_tile_init
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_reserve_back %c, %c2
      metalium.tile_regs_acquire
      scf.for %t = %c0 to %c2 step %c1 {
        // expected-error-re@+1 {{[TW5521] 'metalium.copy_tile' uses pages of cb_A ({{.*}}) that are not waited for}}
        metalium.copy_tile %a, %t, %t
        metalium.relu_tile %t
      }
      metalium.tile_regs_commit
      metalium.tile_regs_wait
      metalium.pack_block %c0, %c, %c2
      metalium.tile_regs_release
      metalium.cb_push_back %c, %c2
      metalium.cb_wait_front %a, %c2
      metalium.cb_pop_front %a, %c2
    }
  }
  metalium.kernel @writer writer args(<[#metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %addr = metalium.arg "C_addr" tensor_address "C"
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "C"
    %C = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_C
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_wait_front %cb, %c2
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      metalium.cb_pop_front %cb, %c2
    }
  }
}

// -----

// Two pages are pushed, one was reserved; the next block reserves three.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float16_b pages 2 x 2048 from compute to writer
  metalium.kernel @reader reader args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c2048 = arith.constant 2048 : index
    %addr = metalium.arg "A_addr" tensor_address "A"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_A
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      metalium.cb_reserve_back %cb, %c1
      metalium.cb_reserve_back %cb, %c1
      %l1 = metalium.get_write_ptr %cb
      %last = scf.for %t = %c0 to %c2 step %c1 iter_args(%at = %l1) -> (index) {
        metalium.noc_async_read_page %t, %A, %at
        %next = arith.addi %at, %c2048 : index
        scf.yield %next : index
      }
      metalium.noc_async_read_barrier
      // expected-error-re@+1 {{[TW5522] the reader pushes 2 pages of cb_A ({{.*}}), 1 of them reserved}}
      metalium.cb_push_back %cb, %c2
    }
  }
  metalium.kernel @compute compute args(<[#metalium.arg<"count", work_count>]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %count = metalium.arg "count" work_count
    %a = metalium.cb_ref @cb_A
    %c = metalium.cb_ref @cb_C
    metalium.compute_kernel_hw_startup %a -> %c
    metalium.copy_init %a
    metalium.relu_tile_init
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_wait_front %a, %c2
      metalium.cb_reserve_back %c, %c2
      metalium.tile_regs_acquire
      scf.for %t = %c0 to %c2 step %c1 {
        metalium.copy_tile %a, %t, %t
        metalium.relu_tile %t
      }
      metalium.tile_regs_commit
      metalium.tile_regs_wait
      metalium.pack_block %c0, %c, %c2
      metalium.tile_regs_release
      metalium.cb_push_back %c, %c2
      metalium.cb_pop_front %a, %c2
    }
  }
  metalium.kernel @writer writer args(<[#metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %addr = metalium.arg "C_addr" tensor_address "C"
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "C"
    %C = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_C
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_wait_front %cb, %c2
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      metalium.cb_pop_front %cb, %c2
    }
  }
}

// -----

// Two pages are popped after a wait for one.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float16_b pages 2 x 2048 from compute to writer
  metalium.kernel @reader reader args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c2048 = arith.constant 2048 : index
    %addr = metalium.arg "A_addr" tensor_address "A"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_A
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      metalium.cb_reserve_back %cb, %c2
      %l1 = metalium.get_write_ptr %cb
      %last = scf.for %t = %c0 to %c2 step %c1 iter_args(%at = %l1) -> (index) {
        metalium.noc_async_read_page %t, %A, %at
        %next = arith.addi %at, %c2048 : index
        scf.yield %next : index
      }
      metalium.noc_async_read_barrier
      metalium.cb_push_back %cb, %c2
    }
  }
  metalium.kernel @compute compute args(<[#metalium.arg<"count", work_count>]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %count = metalium.arg "count" work_count
    %a = metalium.cb_ref @cb_A
    %c = metalium.cb_ref @cb_C
    metalium.compute_kernel_hw_startup %a -> %c
    metalium.copy_init %a
    metalium.relu_tile_init
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_wait_front %a, %c2
      metalium.cb_reserve_back %c, %c2
      metalium.tile_regs_acquire
      scf.for %t = %c0 to %c2 step %c1 {
        metalium.copy_tile %a, %t, %t
        metalium.relu_tile %t
      }
      metalium.tile_regs_commit
      metalium.tile_regs_wait
      metalium.pack_block %c0, %c, %c2
      metalium.tile_regs_release
      metalium.cb_push_back %c, %c2
      metalium.cb_pop_front %a, %c2
    }
  }
  metalium.kernel @writer writer args(<[#metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %addr = metalium.arg "C_addr" tensor_address "C"
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "C"
    %C = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_C
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_wait_front %cb, %c1
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      // expected-error-re@+1 {{[TW5523] the writer pops 2 pages of cb_C ({{.*}}), having waited for 1}}
      metalium.cb_pop_front %cb, %c2
    }
  }
}

// -----

// The reader fills A twice before it fills B, compute waits for B first: A must hold both.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 2 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float16_b pages 2 x 2048 from compute to writer
  metalium.circular_buffer @cb_B index 2 Float16_b pages 2 x 2048 from reader to compute
  metalium.kernel @reader reader args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c2048 = arith.constant 2048 : index
    %addr = metalium.arg "A_addr" tensor_address "A"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_A
    %b = metalium.cb_ref @cb_B
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      metalium.cb_reserve_back %cb, %c2
      %l1 = metalium.get_write_ptr %cb
      %last = scf.for %t = %c0 to %c2 step %c1 iter_args(%at = %l1) -> (index) {
        metalium.noc_async_read_page %t, %A, %at
        %next = arith.addi %at, %c2048 : index
        scf.yield %next : index
      }
      metalium.noc_async_read_barrier
      metalium.cb_push_back %cb, %c2
      // expected-note-re@+2 {{fix: cb_A ({{.*}}) needs 4 pages, it has 2; circular buffers:}}
      // expected-error-re@+1 {{[TW5524] the kernels wait for each other: the reader waits for 2 free pages of cb_A ({{.*}}), 0 are; the compute kernel (unpack) waits for 2 filled pages of cb_B ({{.*}}), 0 are}}
      metalium.cb_reserve_back %cb, %c2
      metalium.cb_push_back %cb, %c2
      metalium.cb_reserve_back %b, %c2
      metalium.cb_push_back %b, %c2
    }
  }
  metalium.kernel @compute compute args(<[#metalium.arg<"count", work_count>]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %count = metalium.arg "count" work_count
    %a = metalium.cb_ref @cb_A
    %c = metalium.cb_ref @cb_C
    %b = metalium.cb_ref @cb_B
    metalium.compute_kernel_hw_startup %a -> %c
    metalium.copy_init %a
    metalium.relu_tile_init
    scf.for %item = %c0 to %count step %c1 {
      // expected-note@+1 {{the compute kernel (unpack) waits here}}
      metalium.cb_wait_front %b, %c2
      metalium.cb_wait_front %a, %c2
      metalium.cb_reserve_back %c, %c2
      metalium.tile_regs_acquire
      scf.for %t = %c0 to %c2 step %c1 {
        metalium.copy_tile %a, %t, %t
        metalium.relu_tile %t
      }
      metalium.tile_regs_commit
      // expected-note@+1 {{the compute kernel (pack) waits here}}
      metalium.tile_regs_wait
      metalium.pack_block %c0, %c, %c2
      metalium.tile_regs_release
      metalium.cb_push_back %c, %c2
      metalium.cb_pop_front %a, %c2
      metalium.cb_wait_front %a, %c2
      metalium.cb_pop_front %a, %c2
      metalium.cb_pop_front %b, %c2
    }
  }
  metalium.kernel @writer writer args(<[#metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %addr = metalium.arg "C_addr" tensor_address "C"
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "C"
    %C = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_C
    scf.for %item = %c0 to %count step %c1 {
      // expected-note@+1 {{the writer waits here}}
      metalium.cb_wait_front %cb, %c2
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      metalium.cb_pop_front %cb, %c2
    }
  }
}

// -----

// How often the loop runs is read from L1: nothing is proved, and that is said.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
// expected-remark@+1 {{[TW5525] the circular buffer protocol of 'p' depends on run-time values}}
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float16_b pages 2 x 2048 from compute to writer
  metalium.kernel @reader reader args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c2048 = arith.constant 2048 : index
    %addr = metalium.arg "A_addr" tensor_address "A"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_A
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      metalium.cb_reserve_back %cb, %c2
      %l1 = metalium.get_write_ptr %cb
      %last = scf.for %t = %c0 to %c2 step %c1 iter_args(%at = %l1) -> (index) {
        metalium.noc_async_read_page %t, %A, %at
        %next = arith.addi %at, %c2048 : index
        scf.yield %next : index
      }
      metalium.noc_async_read_barrier
      metalium.cb_push_back %cb, %c2
    }
  }
  metalium.kernel @compute compute args(<[#metalium.arg<"count", scalar>]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %count = metalium.arg "count" scalar
    %a = metalium.cb_ref @cb_A
    %c = metalium.cb_ref @cb_C
    metalium.compute_kernel_hw_startup %a -> %c
    metalium.copy_init %a
    metalium.relu_tile_init
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_wait_front %a, %c2
      metalium.cb_reserve_back %c, %c2
      metalium.tile_regs_acquire
      scf.for %t = %c0 to %c2 step %c1 {
        metalium.copy_tile %a, %t, %t
        metalium.relu_tile %t
      }
      metalium.tile_regs_commit
      metalium.tile_regs_wait
      metalium.pack_block %c0, %c, %c2
      metalium.tile_regs_release
      metalium.cb_push_back %c, %c2
      metalium.cb_pop_front %a, %c2
    }
  }
  metalium.kernel @writer writer args(<[#metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %addr = metalium.arg "C_addr" tensor_address "C"
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "C"
    %C = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_C
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_wait_front %cb, %c2
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      metalium.cb_pop_front %cb, %c2
    }
  }
}
