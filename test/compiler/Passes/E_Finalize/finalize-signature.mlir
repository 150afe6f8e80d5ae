// RUN: tilewright-opt %s --tt-finalize-signature --tt-verify-stage-e | FileCheck %s

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>

// Addresses in the order of the program's tensors, then start and count, then
// others; what is not used is not listed, what is read twice is listed once.
//
// CHECK: metalium.kernel @reader {{ ?}}reader args(<[<"A_addr", tensor_address, "A">, <"B_addr", tensor_address, "B">, <"start", work_start>, <"count", work_count>, <"n", scalar>]>) ct_args(<[<"B", accessor, "B">, <"A", accessor, "A">]>)
// CHECK-NEXT: metalium.arg "A_addr"
// CHECK-NEXT: metalium.arg "B_addr"
// CHECK-NEXT: %[[START:.*]] = metalium.arg "start"
// CHECK-NEXT: metalium.arg "count"
// CHECK-NEXT: %[[N:.*]] = metalium.arg "n"
// CHECK-NOT: metalium.arg
// CHECK: scf.for %{{.*}} = %[[START]] to %{{.*}} step %[[N]]
// CHECK: scf.for %{{.*}} = %[[START]] to
// CHECK: metalium.kernel @compute {{ ?}}compute args(<[]>) ct_args(<[]>)
metalium.program @f chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.tensor @A input memref<64x64xbf16, #dram>
  metalium.tensor @B input memref<64x64xbf16, #dram>
  metalium.kernel @reader reader {
    %unused = metalium.arg "unused" scalar
    %n = metalium.arg "n" scalar
    %count = metalium.arg "count" work_count
    %start = metalium.arg "start" work_start
    %ba = metalium.arg "B_addr" tensor_address "B"
    %aa = metalium.arg "A_addr" tensor_address "A"
    %bd = metalium.tensor_accessor_args "B"
    %ad = metalium.tensor_accessor_args "A" after %bd
    %b = metalium.tensor_accessor %bd, %ba {page_bytes = 2048 : i64}
    %a = metalium.tensor_accessor %ad, %aa {page_bytes = 2048 : i64}
    scf.for %i = %start to %count step %n {
      %again = metalium.arg "start" work_start
      scf.for %j = %again to %i step %n {
        metalium.noc_async_read_page %j, %a, %i
        metalium.noc_async_read_page %j, %b, %i
      }
    }
  }
  metalium.kernel @compute compute {
  }
}
