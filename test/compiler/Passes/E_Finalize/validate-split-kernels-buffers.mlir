// RUN: tilewright-opt %s --split-input-file --verify-diagnostics --tt-validate-split-kernels

// One item is pushed for each of two pops.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  // expected-note@+2 {{fix: what is pushed in a launch must be popped in it}}
  // expected-error-re@+1 {{[TW5511] cb_A ({{.*}}): the reader reserves 2*count and pushes 2*count pages, the compute pops 4*count}}
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

// A pop under a condition of the item.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  // expected-note@+2 {{fix: }}
  // expected-error-re@+1 {{[TW5511] cb_C ({{.*}}): the compute reserves 2*count and pushes 2*count pages, the writer pops sum(#0 < count: 2*[eq(#0, 0)])}}
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
      metalium.cb_wait_front %cb, %c2
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      %first = arith.cmpi eq, %item, %c0 : index
      scf.if %first {
        metalium.cb_pop_front %cb, %c2
      }
    }
  }
}

// -----

// The writer pops what only compute consumes.
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
    %other = metalium.cb_ref @cb_A
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_wait_front %cb, %c2
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      metalium.cb_pop_front %cb, %c2
      // expected-error-re@+1 {{[TW5512] 'writer' empties cb_A ({{.*}}), but its consumer is the compute}}
      metalium.cb_pop_front %other, %c2
    }
  }
}

// -----

// Nobody fills a buffer.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float16_b pages 2 x 2048 from compute to writer
  // expected-error-re@+1 {{[TW5512] no kernel fills cb_X ({{.*}})}}
  metalium.circular_buffer @cb_X index 2 Float16_b pages 2 x 2048 from reader to compute
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
      metalium.cb_wait_front %cb, %c2
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      metalium.cb_pop_front %cb, %c2
    }
  }
}

// -----

// A wait for more pages than there are.
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
    %c8 = arith.constant 8 : index
    %count = metalium.arg "count" work_count
    %a = metalium.cb_ref @cb_A
    %c = metalium.cb_ref @cb_C
    metalium.compute_kernel_hw_startup %a -> %c
    metalium.copy_init %a
    metalium.relu_tile_init
    scf.for %item = %c0 to %count step %c1 {
      // expected-error-re@+1 {{[TW5513] a wait of 8 pages of cb_A ({{.*}}), which has 4: it never ends}}
      metalium.cb_wait_front %a, %c8
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

// Blocks of 2 pages in a buffer of 5.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 5 x 2048 from reader to compute
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
      // expected-error-re@+1 {{[TW5514] blocks of 2 pages do not divide the 5 pages of cb_A ({{.*}})}}
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

// More pages than the counters count. (Small pages, so that they fit L1.)
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
// expected-warning @below {{[TW5324] L1 usage 1124096 bytes is above 80 % of capacity 1395424}}
// expected-note @below {{circular buffers:}}
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  // expected-error-re@+1 {{[TW5515] cb_A ({{.*}}) has 70000 pages, its counters hold 65535}}
  metalium.circular_buffer @cb_A index 0 Float16_b pages 70000 x 16 from reader to compute
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
      metalium.cb_wait_front %cb, %c2
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      metalium.cb_pop_front %cb, %c2
    }
  }
}

// -----

// Two buffers with one index.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  // expected-error-re@+1 {{[TW5516] cb_C ({{.*}}) has index 0, as has cb_A ({{.*}})}}
  metalium.circular_buffer @cb_C index 0 Float16_b pages 2 x 2048 from compute to writer
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
      metalium.cb_wait_front %cb, %c2
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      metalium.cb_pop_front %cb, %c2
    }
  }
}

// -----

// More buffers than a Wormhole has.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  // expected-error-re@+1 {{[TW5516] cb_C ({{.*}}) has index 40, but n150 has 32 circular buffers}}
  metalium.circular_buffer @cb_C index 40 Float16_b pages 2 x 2048 from compute to writer
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
      metalium.cb_wait_front %cb, %c2
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      metalium.cb_pop_front %cb, %c2
    }
  }
}

// -----

// The buffers do not fit; the table says which.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
// expected-note-re@+3 {{cb_A ({{.*}}){{ +}}1000 tiles x 2048 bytes =   2048000}}
// expected-note@+2 {{fix: fewer pipeline stages, or smaller blocks}}
// expected-error@+1 {{[TW5517] the circular buffers take 2052096 bytes of L1, but n150 has 1395424 free}}
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 1000 x 2048 from reader to compute
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
      metalium.cb_wait_front %cb, %c2
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      metalium.cb_pop_front %cb, %c2
    }
  }
}

// -----

// One buffer over the other.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute l1_address 103712
  // expected-error-re@+1 {{[TW5518] cb_C ({{.*}}) at 103712 with 4096 bytes overlaps what lies before 111904}}
  metalium.circular_buffer @cb_C index 1 Float16_b pages 2 x 2048 from compute to writer l1_address 103712
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
      metalium.cb_wait_front %cb, %c2
      %l1 = metalium.get_read_ptr %cb
      metalium.noc_async_write_page %item, %C, %l1
      metalium.noc_async_write_barrier
      metalium.cb_pop_front %cb, %c2
    }
  }
}
