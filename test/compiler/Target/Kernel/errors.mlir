// RUN: tilewright-translate --emit-kernel --split-input-file --verify-diagnostics --allow-unregistered-dialect %s

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  // expected-error @+1 {{[TW6010] reader kernel 'reader' has an empty or incomplete body: it makes no circular buffer or NoC call; check that tt-split-device-kernel and tt-lower-cb-intrinsics have run}}
  metalium.kernel @reader reader {
  }
}

// -----

// Arguments alone are no work.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  // expected-error @+1 {{[TW6010] compute kernel 'compute' has an empty or incomplete body: it makes no compute call; check that tt-split-device-kernel and tt-insert-dst-management have run}}
  metalium.kernel @compute compute args(<[<"count", work_count>]>) {
    %count = metalium.arg "count" work_count
  }
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @writer writer {
    metalium.noc_async_write_barrier
    // expected-error @+1 {{[TW6011] 'test.launch_rockets' has no form in the writer kernel 'writer'; stage D should have lowered it}}
    "test.launch_rockets"() : () -> ()
  }
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader {
    // expected-error @+1 {{[TW6011] 'memref.alloc' has no form in the reader kernel 'reader'; tt-lower-tile-intrinsics should have lowered it}}
    %0 = memref.alloc() : memref<4xf32>
  }
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader args(<[<"start", work_start>]>) {
    // expected-error @+1 {{[TW6012] run-time argument 'count' is not in the argument list of its kernel; tt-finalize-signature makes the list}}
    %count = metalium.arg "count" work_count
    %l1 = metalium.mem_zeros_base
    metalium.l1_store_u32 %count, %l1
  }
}

// -----

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.circular_buffer @cb index 0 Float16_b pages 2 x 2048 from reader to compute
  metalium.kernel @compute compute {
    %cb = metalium.cb_ref @cb
    // expected-error @+1 {{[TW6013] 'metalium.mm_init' does not exist in TT-Metalium 2026-08}}
    metalium.mm_init %cb, %cb, %cb
  }
}
