// RUN: tilewright-opt %s -split-input-file -verify-diagnostics --tt-verify-stage-d

// What the stage hands on.
metalium.program @good chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  metalium.kernel @reader reader {
    %c1 = arith.constant 1 : index
    %cb = metalium.cb_ref @cb_A
    metalium.cb_reserve_back %cb, %c1
    metalium.cb_push_back %cb, %c1
  }
  metalium.kernel @compute compute {
    %c1 = arith.constant 1 : index
    %cb = metalium.cb_ref @cb_A
    metalium.cb_wait_front %cb, %c1
    metalium.cb_pop_front %cb, %c1
  }
  metalium.kernel @writer writer {
  }
}

// -----

// expected-error @+1 {{[TW5016] 'tile.func' is left after stage D; tt-split-device-kernel should have split it}}
tile.func @f() tensors [] {
}

// -----

// expected-error @+1 {{[TW5016] program 'two' has no compute}}
metalium.program @two chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader {
  }
  metalium.kernel @writer writer {
  }
}

// -----

// expected-error @+1 {{[TW5016] program 'four' has more than one reader}}
metalium.program @four chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader {
  }
  metalium.kernel @another reader {
  }
  metalium.kernel @compute compute {
  }
  metalium.kernel @writer writer {
  }
}

// -----

metalium.program @left chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader {
  }
  metalium.kernel @compute compute {
    // expected-error @+1 {{[TW5016] 'tt.fill' is left in the kernel 'compute' after stage D}}
    %0 = tt.fill 0.0 : f32 -> !tt.block<1x1xf32>
  }
  metalium.kernel @writer writer {
  }
}

// -----

metalium.program @ends chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.circular_buffer @cb_A index 0 Float16_b pages 4 x 2048 from reader to compute
  metalium.kernel @reader reader {
    %c1 = arith.constant 1 : index
    %cb = metalium.cb_ref @cb_A
    // expected-error @+1 {{[TW5011] the reader calls 'metalium.cb_wait_front' on cb_A, but that end belongs to the compute}}
    metalium.cb_wait_front %cb, %c1
  }
  metalium.kernel @compute compute {
  }
  metalium.kernel @writer writer {
  }
}

// -----

metalium.program @accessor chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader {
    // expected-error @+1 {{[TW5002] the program has no tensor 'A'}}
    %a = metalium.tensor_accessor_args "A"
  }
  metalium.kernel @compute compute {
  }
  metalium.kernel @writer writer {
  }
}
