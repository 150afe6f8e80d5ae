// RUN: tilewright-opt %s -split-input-file -verify-diagnostics --tt-verify-stage-e

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @lists chip("n150") config(<math_fidelity = HiFi4>) {
  // expected-error @+1 {{[TW5017] the kernel 'reader' has no argument lists; tt-finalize-signature should have set them}}
  metalium.kernel @reader reader {
  }
}

// -----

metalium.program @missing chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader args(<[]>) ct_args(<[]>) {
    // expected-error @+1 {{[TW5017] the kernel 'reader' reads 'start', which its arguments do not have}}
    %start = metalium.arg "start" work_start
  }
}

// -----

metalium.program @kind chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.kernel @reader reader args(<[<"start", work_count>]>) ct_args(<[]>) {
    // expected-error @+1 {{[TW5017] 'start' is read as another kind of argument than the list of 'reader' says}}
    %start = metalium.arg "start" work_start
  }
}

// -----

metalium.program @unread chip("n150") config(<math_fidelity = HiFi4>) {
  // expected-error @+1 {{[TW5017] the kernel 'reader' does not read its argument 'start'}}
  metalium.kernel @reader reader args(<[<"start", work_start>]>) ct_args(<[]>) {
  }
}

// -----

metalium.program @tensor chip("n150") config(<math_fidelity = HiFi4>) {
  // expected-error @+1 {{[TW5017] the argument 'A_addr' is the address of no tensor of the program}}
  metalium.kernel @reader reader args(<[<"A_addr", tensor_address, "A">]>) ct_args(<[]>) {
    %a = metalium.arg "A_addr" tensor_address "A"
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @order chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.tensor @A input memref<64x64xbf16, #dram>
  metalium.tensor @B input memref<64x64xbf16, #dram>
  // expected-error @+1 {{[TW5017] the compile-time argument 'B' of 'reader' is not the accessor that the kernel takes there}}
  metalium.kernel @reader reader args(<[]>) ct_args(<[<"B", accessor, "B">, <"A", accessor, "A">]>) {
    %a = metalium.tensor_accessor_args "A"
    %b = metalium.tensor_accessor_args "B" after %a
  }
}

// -----

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
metalium.program @more chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.tensor @A input memref<64x64xbf16, #dram>
  metalium.tensor @B input memref<64x64xbf16, #dram>
  // expected-error @+1 {{[TW5017] the kernel 'reader' takes 2 accessors, its compile-time arguments have 1}}
  metalium.kernel @reader reader args(<[]>) ct_args(<[<"A", accessor, "A">]>) {
    %a = metalium.tensor_accessor_args "A"
    %b = metalium.tensor_accessor_args "B" after %a
  }
}
