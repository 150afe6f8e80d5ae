// RUN: tilewright-opt %s --tt-finalize-signature --tt-verify-stage-e | FileCheck %s

#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>

// Sizes are arguments that all cores share, in the order in which the tensors
// of the program have them; a size that is called as another argument is one
// of its own, and one that is not used is not passed.
//
// CHECK: metalium.kernel @reader {{ ?}}reader args(<[<"count", work_count>]>) common_args(<[<"m", size>, <"count", size>]>) ct_args(<[]>)
// CHECK: %[[M:.*]] = metalium.common_arg {position = 0 : i64}
// CHECK: %[[SIZE:.*]] = metalium.common_arg {position = 1 : i64}
// CHECK-NOT: metalium.arg "m"
// CHECK: scf.for %{{.*}} = %[[M]] to %[[SIZE]]
// CHECK: metalium.kernel @writer {{ ?}}writer args(<[]>) ct_args(<[]>)
metalium.program @f chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.tensor @A input memref<?x?xbf16, #dram> sizes ["m", "n"]
  metalium.tensor @B input memref<?x64xbf16, #dram> sizes ["count", ""]
  metalium.kernel @reader reader {
    %items = metalium.arg "count" work_count
    %size = metalium.arg "count" size
    %m = metalium.arg "m" size
    scf.for %i = %m to %size step %items {
      %again = metalium.arg "m" size
      scf.for %j = %again to %i step %items {
        metalium.noc_async_read_barrier
      }
    }
  }
  metalium.kernel @writer writer {
    %unused = metalium.arg "m" size
  }
}
