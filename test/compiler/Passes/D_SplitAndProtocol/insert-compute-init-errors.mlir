// RUN: tilewright-opt %s --split-input-file --verify-diagnostics --tt-insert-compute-init

// A kernel without a section.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  // expected-error@+1 {{[TW5202] kernel 'compute' computes nothing}}
  metalium.kernel @compute compute {
    %count = metalium.arg "count" work_count
  }
}

// -----

// The matrix unit takes its operands from circular buffers.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float16_b pages 1 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float16_b pages 1 x 2048 from compute to writer
  metalium.kernel @compute compute {
    %a_cb = metalium.cb_ref @cb_A
    %c_cb = metalium.cb_ref @cb_C
    %a = tt.receive %a_cb : !metalium.cb -> !tt.block<1x1xbf16>
    %s = tt.section outs(%c_cb : !metalium.cb) <1, 1> {
      %0 = tt.sfpu.unary exp %a : !tt.block<1x1xbf16> -> !tt.block<1x1xbf16>
      // expected-error@+1 {{[TW5203] 'tt.transpose' takes a block that was computed in the same section}}
      %1 = tt.transpose %0 : !tt.block<1x1xbf16> -> !tt.block<1x1xbf16>
      tt.yield %1 : !tt.block<1x1xbf16>
    } : !tt.block<1x1xbf16>
  }
}

// -----

// The packer adds to the accumulator in L1; DST does not have it.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float32 pages 1 x 4096 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float32 pages 1 x 4096 from compute to writer
  metalium.kernel @compute compute {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %a_cb = metalium.cb_ref @cb_A
    %c_cb = metalium.cb_ref @cb_C
    %z = tt.fill 0.0 : f32 -> !tt.block<1x1xf32>
    %acc = scf.for %k = %c0 to %c4 step %c1 iter_args(%p = %z) -> (!tt.block<1x1xf32>) {
      %a = tt.receive %a_cb : !metalium.cb -> !tt.block<1x1xf32>
      %s = tt.section accumulate(%p : !tt.block<1x1xf32>) outs(%c_cb : !metalium.cb) <1, 1> {
        // expected-error@+1 {{[TW5204] 'tt.sfpu.binary' reads the block that the packer adds to}}
        %0 = tt.sfpu.binary max %a, %p : !tt.block<1x1xf32>, !tt.block<1x1xf32> -> !tt.block<1x1xf32>
        tt.yield %0 : !tt.block<1x1xf32>
      } : !tt.block<1x1xf32>
      scf.yield %s : !tt.block<1x1xf32>
    }
  }
}

// -----

// An iteration that does not accumulate would leave what L1 held before.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float16_b pages 1 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float32 pages 1 x 4096 from compute to writer
  metalium.kernel @compute compute {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %a_cb = metalium.cb_ref @cb_A
    %c_cb = metalium.cb_ref @cb_C
    %z = tt.fill 0.0 : f32 -> !tt.block<1x1xf32>
    %acc = scf.for %k = %c0 to %c4 step %c1 iter_args(%p = %z) -> (!tt.block<1x1xf32>) {
      %a = tt.receive %a_cb : !metalium.cb -> !tt.block<1x1xbf16>
      %is = arith.cmpi eq, %k, %c1 : index
      %n = scf.if %is -> (!tt.block<1x1xf32>) {
        // expected-error@+1 {{[TW5205] the accumulator is not updated once in every iteration of its loop}}
        %s = tt.section accumulate(%p : !tt.block<1x1xf32>) outs(%c_cb : !metalium.cb) <1, 1> {
          %0 = tt.mm.mma %a, %a, %p : !tt.block<1x1xbf16>, !tt.block<1x1xbf16>, !tt.block<1x1xf32> -> !tt.block<1x1xf32>
          tt.yield %0 : !tt.block<1x1xf32>
        } : !tt.block<1x1xf32>
        scf.yield %s : !tt.block<1x1xf32>
      } else {
        scf.yield %p : !tt.block<1x1xf32>
      }
      scf.yield %n : !tt.block<1x1xf32>
    }
  }
}

// -----

// Nothing packed the ones that the accumulator starts from.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float16_b pages 1 x 2048 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float32 pages 1 x 4096 from compute to writer
  metalium.kernel @compute compute {
    %a_cb = metalium.cb_ref @cb_A
    %c_cb = metalium.cb_ref @cb_C
    %a = tt.receive %a_cb : !metalium.cb -> !tt.block<1x1xbf16>
    %one = tt.fill 1.0 : f32 -> !tt.block<1x1xf32>
    // expected-error@+1 {{[TW5206] the accumulator starts from a value that was not packed to its circular buffer}}
    %s = tt.section accumulate(%one : !tt.block<1x1xf32>) outs(%c_cb : !metalium.cb) <1, 1> {
      %z = tt.fill 0.0 : f32 -> !tt.block<1x1xf32>
      %0 = tt.mm.mma %a, %a, %z : !tt.block<1x1xbf16>, !tt.block<1x1xbf16>, !tt.block<1x1xf32> -> !tt.block<1x1xf32>
      tt.yield %0 : !tt.block<1x1xf32>
    } : !tt.block<1x1xf32>
  }
}

// -----

// Two blocks in DST change places.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float32 pages 1 x 4096 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float32 pages 1 x 4096 from compute to writer
  metalium.kernel @compute compute {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %a_cb = metalium.cb_ref @cb_A
    %c_cb = metalium.cb_ref @cb_C
    %a = tt.receive %a_cb : !metalium.cb -> !tt.block<1x1xf32>
    %s = tt.section outs(%c_cb : !metalium.cb) <1, 1> {
      %x = tt.sfpu.unary exp %a : !tt.block<1x1xf32> -> !tt.block<1x1xf32>
      %y = tt.sfpu.unary abs %a : !tt.block<1x1xf32> -> !tt.block<1x1xf32>
      // expected-error@+1 {{[TW5207] 'scf.for' overwrites a block that is used later}}
      %r:2 = scf.for %k = %c0 to %c4 step %c1 iter_args(%p = %x, %q = %y) -> (!tt.block<1x1xf32>, !tt.block<1x1xf32>) {
        %e = tt.sfpu.unary exp %p : !tt.block<1x1xf32> -> !tt.block<1x1xf32>
        scf.yield %q, %e : !tt.block<1x1xf32>, !tt.block<1x1xf32>
      }
      %0 = tt.sfpu.binary add %r#0, %r#1 : !tt.block<1x1xf32>, !tt.block<1x1xf32> -> !tt.block<1x1xf32>
      tt.yield %0 : !tt.block<1x1xf32>
    } : !tt.block<1x1xf32>
  }
}

// -----

// Five values are needed at the same time; fp32 leaves four tiles.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_A index 0 Float32 pages 1 x 4096 from reader to compute
  metalium.circular_buffer @cb_C index 1 Float32 pages 1 x 4096 from compute to writer
  metalium.kernel @compute compute {
    %a_cb = metalium.cb_ref @cb_A
    %c_cb = metalium.cb_ref @cb_C
    %a = tt.receive %a_cb : !metalium.cb -> !tt.block<1x1xf32>
    // expected-error@+1 {{[TW5208] this expression needs 5 tiles of DST for each tile of its result, but DST holds 4}}
    %s:5 = tt.section outs(%c_cb, %c_cb, %c_cb, %c_cb, %c_cb : !metalium.cb, !metalium.cb, !metalium.cb, !metalium.cb, !metalium.cb) <1, 1> {
      %0 = tt.sfpu.unary exp %a : !tt.block<1x1xf32> -> !tt.block<1x1xf32>
      %1 = tt.sfpu.unary abs %a : !tt.block<1x1xf32> -> !tt.block<1x1xf32>
      %2 = tt.sfpu.unary sin %a : !tt.block<1x1xf32> -> !tt.block<1x1xf32>
      %3 = tt.sfpu.unary cos %a : !tt.block<1x1xf32> -> !tt.block<1x1xf32>
      %4 = tt.sfpu.unary tanh %a : !tt.block<1x1xf32> -> !tt.block<1x1xf32>
      tt.yield %0, %1, %2, %3, %4 : !tt.block<1x1xf32>, !tt.block<1x1xf32>, !tt.block<1x1xf32>, !tt.block<1x1xf32>, !tt.block<1x1xf32>
    } : !tt.block<1x1xf32>, !tt.block<1x1xf32>, !tt.block<1x1xf32>, !tt.block<1x1xf32>, !tt.block<1x1xf32>
  }
}
