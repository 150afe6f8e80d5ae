// RUN: tilewright-opt %s --split-input-file --verify-diagnostics --tt-validate-split-kernels

// Kernels of programs without tile form: one writer a core.

// Nothing is wrong here.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
}

// -----

// The program has no writer.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
// expected-error@+1 {{[TW5501] No writer kernel found in scalar program 'p'}}
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
}

// -----

// A reader has nothing to do here.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
  // expected-error@+1 {{[TW5326] 'reader' is a second kernel of 'p'; a scalar program has one, a writer}}
  metalium.kernel @reader reader {
  }
}

// -----

// The writer has no body.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  // expected-error@+1 {{[TW5502] Writer kernel 'writer' has no body}}
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
  }
}

// -----

// Nothing is stored to a tensor.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  // expected-error@+1 {{[TW5505] Writer kernel 'writer' stores no element of a tensor}}
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
    }
    metalium.flush_elements %C_all : !tensor
  }
}

// -----

// The host does not pass the number of items.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    // expected-error@+1 {{[TW5506] kernel 'writer' reads argument 'count', which the host does not pass}}
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
}

// -----

// The host does not append the accessor.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    // expected-error@+1 {{[TW5506] kernel 'writer' takes the accessor of 'C', which the host does not append}}
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
}

// -----

// The elements of a tensor that is not there, and of another one.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    // expected-error@+1 {{[TW5506] 'D' is no tensor of the program}}
    %C_all = metalium.elements "D", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
}

// -----

// One tensor by the accessor of another.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    // expected-error@+1 {{[TW5506] the elements of 'A' are reached by the accessor of another tensor}}
    %C_all = metalium.elements "A", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
}

// -----

// Pages are used and not reserved.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  // expected-error-re@+1 {{[TW5512] no kernel reserves cb_elements ({{.*}})}}
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
}

// -----

// More pages are reserved than there are.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 19 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    // expected-error-re@+1 {{[TW5513] a reservation of 20 pages of cb_elements ({{.*}}), which has 19: it never ends}}
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
}

// -----

// The reservation comes after the address.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    // expected-error-re@+1 {{[TW5521] 'metalium.get_write_ptr' uses pages of cb_elements ({{.*}}) that are not reserved}}
    %l1 = metalium.get_write_ptr %cb
    metalium.cb_reserve_back %cb, %c20
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
}

// -----

// Two things on the same bytes.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    // expected-error-re@+1 {{[TW5518] row at byte 17920 of cb_elements ({{.*}}) overlaps C, which ends at 33792}}
    %row = metalium.l1_array "row" at %l1 + 17920 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
}

// -----

// An array behind the end.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    // expected-error-re@+1 {{[TW5518] row ends at byte 41088 of cb_elements ({{.*}}), which has 40960}}
    %row = metalium.l1_array "row" at %l1 + 40832 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
}

// -----

// Memory that no circular buffer holds.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    // expected-error@+1 {{[TW5518] C does not lie in a circular buffer that the kernel fills}}
    %C_all = metalium.elements "C", %C at %C_addr + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
}

// -----

// What is stored does not reach DRAM.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      // expected-error@+1 {{[TW5532] kernel 'writer' stores to C and ends without metalium.flush_elements after it}}
      memref.store %y, %C_all[%item] : !tensor
    }
  }
}

// -----

// It does in a branch only.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      // expected-error@+1 {{[TW5532] kernel 'writer' stores to C and ends without metalium.flush_elements after it}}
      memref.store %y, %C_all[%item] : !tensor
    }
    %some = arith.cmpi ugt, %count, %c1 : index
    scf.if %some {
      metalium.flush_elements %C_all : !tensor
    }
  }
}

// -----

// A store in a loop of unknown length, after which nothing flushes.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
    %last = scf.while (%i = %start) : (index) -> index {
      %more = arith.cmpi ult, %i, %end : index
      scf.condition(%more) %i : index
    } do {
    ^bb0(%i: index):
      %x = memref.load %A_all[%i] : !tensor
      // expected-error@+1 {{[TW5532] kernel 'writer' stores to C and ends without metalium.flush_elements after it}}
      memref.store %x, %C_all[%i] : !tensor
      %next = arith.addi %i, %c1 : index
      scf.yield %next : index
    }
  }
}

// -----

// A write of the kernel itself that nothing waits for.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  // expected-error@+1 {{[TW5532] kernel 'writer' ends while writes are under way}}
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
    metalium.noc_async_write_page %c0, %C, %l1
  }
}

// -----

// Pages that are pushed are popped.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  // expected-error-re@+1 {{[TW5512] no kernel empties cb_elements ({{.*}})}}
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
    metalium.cb_push_back %cb, %c20
  }
}

// -----

// Two circular buffers share an index.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 20 x 2048 from writer to writer
  // expected-error-re@+1 {{[TW5516] cb_more ({{.*}}) has index 0, as has cb_elements}}
  metalium.circular_buffer @cb_more index 0 Float16_b pages 1 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
}

// -----

// More than L1 has.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
// expected-note@+3 {{circular buffers:}}
// expected-note@+2 {{fix: fewer pipeline stages}}
// expected-error-re@+1 {{[TW5517] the circular buffers take 4096000 bytes of L1, but n150 has {{[0-9]+}} free}}
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 2000 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
}

// -----

// Nearly all of L1: a warning, and an error in strict mode.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
// expected-note@+2 {{circular buffers:}}
// expected-warning-re@+1 {{[TW5324] L1 usage 1228800 bytes is above 80 % of capacity {{[0-9]+}}}}
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) scalar {
  metalium.tensor @A input !tensor
  metalium.tensor @C output !tensor
  metalium.circular_buffer @cb_elements index 0 Float16_b pages 600 x 2048 from writer to writer
  metalium.kernel @writer writer args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"C_addr", tensor_address, "C">, #metalium.arg<"start", work_start>, #metalium.arg<"count", work_count>]>) ct_args(<[#metalium.arg<"A", accessor, "A">, #metalium.arg<"C", accessor, "C">]>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c20 = arith.constant 20 : index
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb_elements
    metalium.cb_reserve_back %cb, %c20
    %l1 = metalium.get_write_ptr %cb
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 4096 : i64}
    %A_all = metalium.elements "A", %A at %l1 + 0 : !tensor
    %C_args = metalium.tensor_accessor_args "C" after %A_args
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 4096 : i64}
    %C_all = metalium.elements "C", %C at %l1 + 16896 : !tensor
    %row = metalium.l1_array "row" at %l1 + 33792 : memref<64xf32>
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %x = memref.load %A_all[%item] : !tensor
      memref.store %x, %row[%c0] : memref<64xf32>
      %y = memref.load %row[%c0] : memref<64xf32>
      memref.store %y, %C_all[%item] : !tensor
    }
    metalium.flush_elements %C_all : !tensor
  }
}
