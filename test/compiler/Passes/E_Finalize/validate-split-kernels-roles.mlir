// RUN: tilewright-opt %s --split-input-file --verify-diagnostics --tt-validate-split-kernels

// The program has no writer.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
// expected-error@+1 {{[TW5501] No writer kernel found in program 'p'}}
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
}

// -----

// The compute kernel is empty.
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
  // expected-error@+1 {{[TW5502] Compute kernel 'compute' has no body}}
  metalium.kernel @compute compute {
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

// The reader reads nothing.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float16_b pages 2 x 2048 from compute to writer
  // expected-error@+1 {{[TW5503] Reader kernel 'reader' has no NOC read operations}}
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

// The compute kernel computes nothing.
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
  // expected-error@+1 {{[TW5504] Compute kernel 'compute' has no compute operations}}
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

// The writer writes nothing.
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
  // expected-error@+1 {{[TW5505] Writer kernel 'writer' has no NOC write operations}}
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
      metalium.noc_async_write_barrier
      metalium.cb_pop_front %cb, %c2
    }
  }
}

// -----

// The host does not pass the count to compute.
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
  metalium.kernel @compute compute {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    // expected-error@+1 {{[TW5506] kernel 'compute' reads argument 'count', which the host does not pass}}
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

// The address belongs to no tensor.
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
    // expected-error@+1 {{[TW5506] argument 'A_addr' is the address of no tensor of the program}}
    %addr = metalium.arg "A_addr" tensor_address "B"
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
      metalium.cb_wait_front %cb, %c2
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      metalium.cb_pop_front %cb, %c2
    }
  }
}

// -----

// The accessor of C is not appended for the writer.
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
  metalium.kernel @writer writer args(<[#metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"count", work_count>]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %addr = metalium.arg "C_addr" tensor_address "C"
    %count = metalium.arg "count" work_count
    // expected-error@+1 {{[TW5506] kernel 'writer' takes the accessor of 'C', which the host does not append}}
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

metalium.program @endless chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader args(<[]>) ct_args(<[]>) {
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    // expected-error @+1 {{[TW6001] a loop with a step of 0 never ends}}
    scf.for %k = %c0 to %c2 step %c0 {
      metalium.noc_async_read_barrier
    }
  }
}
