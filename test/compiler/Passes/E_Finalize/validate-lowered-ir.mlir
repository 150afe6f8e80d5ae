// RUN: tilewright-opt %s --tt-validate-lowered-ir --split-input-file --verify-diagnostics
// RUN: tilewright-opt %s --verify-tt-ir --split-input-file -o /dev/null 2>&1 | FileCheck %s --check-prefix=LIMITS --allow-empty

// A scalar kernel accesses elements; nothing is left to lower, and it is the
// only kernel that its program has.
// LIMITS-NOT: a scalar program has a writer
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
!tensor = memref<64xf32, #layout>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) work(<global, launch = [8], cores = [1, 1], starts = [0], counts = [8]>) scalar {
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

// A statement of the program is left, and stands for what it should have become.
#layout = #tt.layout<dram, interleaved, plane = [-1, 0], tile = [32, 32], Float32>
metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>) scalar {
  metalium.kernel @writer writer args(<[]>) ct_args(<[]>) {
    %zero = arith.constant 0.0 : f32
    %l1 = arith.constant 0 : index
    %row = metalium.l1_array "row" at %l1 + 0 : memref<64xf32>
    // expected-error@+3 {{[TW5310] Found unlowered operation 'tile.fill' in writer kernel}}
    // expected-note@+2 {{it reads: tile.fill}}
    // expected-note@+1 {{look at tt-lower-shared-to-cb}}
    tile.fill %row, %zero : memref<64xf32>, f32
  }
}

// -----

// Elements are not for kernels of tiles.
metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [1], cores = [1, 1], starts = [0], counts = [1]>) {
  metalium.kernel @writer writer args(<[]>) ct_args(<[]>) {
    %l1 = arith.constant 0 : index
    // expected-error@+3 {{[TW5310] Found unlowered operation 'metalium.l1_array' in writer kernel}}
    // expected-note@+2 {{it reads: }}
    // expected-note@+1 {{look at tt-split-device-kernel}}
    %row = metalium.l1_array "row" at %l1 + 0 : memref<64xf32>
  }
}
