// RUN: tilewright-opt %s --split-input-file --verify-diagnostics --tt-insert-dst-management

// An operation outside a section is not expanded.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float16_b pages 1 x 2048 from reader to compute
  metalium.kernel @compute compute {
    %a_cb = metalium.cb_ref @cb_A
    // expected-error@+1 {{[TW5301] 'tt.receive' is left in a compute kernel; tt-insert-dst-management expands sections only}}
    %a = tt.receive %a_cb : !metalium.cb -> !tt.block<1x1xbf16>
    %0 = tt.sfpu.unary exp %a : !tt.block<1x1xbf16> -> !tt.block<1x1xbf16>
  }
}

// -----

// The second sub-block would find the inputs gone.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float32 pages 4 x 4096 from compute to writer
  metalium.kernel @compute compute {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %a_cb = metalium.cb_ref @cb_A
    %c_cb = metalium.cb_ref @cb_C
    // expected-error@+1 {{[TW5302] a section with a sub-block of 1x2 of 2x2 tiles frees its inputs before the next sub-block reads them}}
    %s = tt.section outs(%c_cb : !metalium.cb) <1, 2> {
      %z = tt.fill 0.0 : f32 -> !tt.block<2x2xf32>
      %acc = scf.for %k = %c0 to %c4 step %c1 iter_args(%p = %z) -> (!tt.block<2x2xf32>) {
        %a = tt.receive %a_cb : !metalium.cb -> !tt.block<2x2xbf16>
        %0 = tt.mm.mma %a, %a, %p : !tt.block<2x2xbf16>, !tt.block<2x2xbf16>, !tt.block<2x2xf32> -> !tt.block<2x2xf32>
        metalium.cb_pop_front %a_cb, %c4
        scf.yield %0 : !tt.block<2x2xf32>
      }
      tt.yield %acc : !tt.block<2x2xf32>
    } : !tt.block<2x2xf32>
  }
}
