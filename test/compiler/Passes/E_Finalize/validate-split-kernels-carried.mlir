// RUN: tilewright-opt %s --split-input-file --verify-diagnostics --tt-validate-split-kernels

// Counts that depend on a scalar which the loop carries.

// Two kernels that stop after the same iteration.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  metalium.circular_buffer @cb_C index 0 Float16_b pages 4 x 2048 from reader to writer
  metalium.kernel @reader reader args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %no = arith.constant 0 : i32
    %yes = arith.constant 1 : i32
    %addr = metalium.arg "A_addr" tensor_address "A"
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_C
    %stopped = scf.for %item = %c0 to %count step %c1 iter_args(%before = %no) -> (i32) {
      %goes_on = arith.cmpi eq, %before, %no : i32
      scf.if %goes_on {
        metalium.cb_reserve_back %cb, %c2
        %l1 = metalium.get_write_ptr %cb
        metalium.noc_async_read_page %item, %A, %l1
        metalium.noc_async_read_barrier
        metalium.cb_push_back %cb, %c2
      }
      %breaks = arith.cmpi slt, %c3, %item : index
      %after = scf.if %breaks -> (i32) {
        scf.yield %yes : i32
      } else {
        scf.yield %before : i32
      }
      scf.yield %after : i32
    }
  }
  metalium.kernel @compute compute args(<[#metalium.arg<"count", work_count>]>) {
    %count = metalium.arg "count" work_count
    %c0 = arith.constant 0 : index
    %cb = metalium.cb_ref @cb_C
    metalium.compute_kernel_hw_startup %cb -> %cb
    metalium.fill_tile_init
    metalium.tile_regs_acquire
    metalium.fill_tile %c0 {value = 0.5 : f32}
    metalium.tile_regs_commit
    metalium.tile_regs_wait
    metalium.tile_regs_release
  }
  metalium.kernel @writer writer args(<[#metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %last = arith.constant 3 : index
    %no = arith.constant 0 : i32
    %yes = arith.constant 1 : i32
    %addr = metalium.arg "C_addr" tensor_address "C"
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "C"
    %C = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_C
    %stopped = scf.for %item = %c0 to %count step %c1 iter_args(%before = %no) -> (i32) {
      %goes_on = arith.cmpi eq, %before, %no : i32
      scf.if %goes_on {
        metalium.cb_wait_front %cb, %c2
        %l1 = metalium.get_read_ptr %cb
        metalium.noc_async_write_page %item, %C, %l1
        metalium.noc_async_write_barrier
        metalium.cb_pop_front %cb, %c2
      }
      %breaks = arith.cmpi slt, %last, %item : index
      %after = scf.if %breaks -> (i32) {
        scf.yield %yes : i32
      } else {
        scf.yield %before : i32
      }
      scf.yield %after : i32
    }
  }
}

// -----

// Another iteration after which the writer stops.
#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<32x64xbf16, #layout>
  metalium.tensor @C output memref<32x64xbf16, #layout>
  // expected-note@+2 {{fix: what is pushed in a launch must be popped in it}}
  // expected-error-re@+1 {{[TW5511] cb_C ({{.*}}): the reader reserves sum(#0 < count, ~#0.0 = 0 then [slt(3, #0)] {{.*}}, the writer pops sum(#0 < count, ~#0.0 = 0 then [slt(4, #0)] {{.*}}}}
  metalium.circular_buffer @cb_C index 0 Float16_b pages 4 x 2048 from reader to writer
  metalium.kernel @reader reader args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %no = arith.constant 0 : i32
    %yes = arith.constant 1 : i32
    %addr = metalium.arg "A_addr" tensor_address "A"
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_C
    %stopped = scf.for %item = %c0 to %count step %c1 iter_args(%before = %no) -> (i32) {
      %goes_on = arith.cmpi eq, %before, %no : i32
      scf.if %goes_on {
        metalium.cb_reserve_back %cb, %c2
        %l1 = metalium.get_write_ptr %cb
        metalium.noc_async_read_page %item, %A, %l1
        metalium.noc_async_read_barrier
        metalium.cb_push_back %cb, %c2
      }
      %breaks = arith.cmpi slt, %c3, %item : index
      %after = scf.if %breaks -> (i32) {
        scf.yield %yes : i32
      } else {
        scf.yield %before : i32
      }
      scf.yield %after : i32
    }
  }
  metalium.kernel @compute compute args(<[#metalium.arg<"count", work_count>]>) {
    %count = metalium.arg "count" work_count
    %c0 = arith.constant 0 : index
    %cb = metalium.cb_ref @cb_C
    metalium.compute_kernel_hw_startup %cb -> %cb
    metalium.fill_tile_init
    metalium.tile_regs_acquire
    metalium.fill_tile %c0 {value = 0.5 : f32}
    metalium.tile_regs_commit
    metalium.tile_regs_wait
    metalium.tile_regs_release
  }
  metalium.kernel @writer writer args(<[#metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %last = arith.constant 4 : index
    %no = arith.constant 0 : i32
    %yes = arith.constant 1 : i32
    %addr = metalium.arg "C_addr" tensor_address "C"
    %count = metalium.arg "count" work_count
    %args = metalium.tensor_accessor_args "C"
    %C = metalium.tensor_accessor %args, %addr {page_bytes = 2048 : i64}
    %cb = metalium.cb_ref @cb_C
    %stopped = scf.for %item = %c0 to %count step %c1 iter_args(%before = %no) -> (i32) {
      %goes_on = arith.cmpi eq, %before, %no : i32
      scf.if %goes_on {
        metalium.cb_wait_front %cb, %c2
        %l1 = metalium.get_read_ptr %cb
        metalium.noc_async_write_page %item, %C, %l1
        metalium.noc_async_write_barrier
        metalium.cb_pop_front %cb, %c2
      }
      %breaks = arith.cmpi slt, %last, %item : index
      %after = scf.if %breaks -> (i32) {
        scf.yield %yes : i32
      } else {
        scf.yield %before : i32
      }
      scf.yield %after : i32
    }
  }
}
