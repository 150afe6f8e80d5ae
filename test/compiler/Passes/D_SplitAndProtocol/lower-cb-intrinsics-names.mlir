// RUN: tilewright-opt %s --tt-lower-cb-intrinsics -mlir-print-debuginfo -mlir-print-local-scope | FileCheck %s

// Names that the text will have: tile loops, addresses and block ids; of two
// steps towards a block id only the last has its name.
//
// CHECK: arith.divui %{{.*}} loc("gemm.py":4:2)
// CHECK: arith.remui %{{.*}} loc("by"("gemm.py":4:2))
// CHECK: metalium.get_write_ptr %{{.*}} loc("A_shared_l1"("gemm.py":6:4))
// CHECK: arith.addi {{.*}} loc("row"("gemm.py":6:4))
// CHECK: } loc("r"("gemm.py":6:4))
// CHECK: metalium.cb_push_back {{.*}} loc("gemm.py":6:4)
#dram = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#cb = #tt.cb<Float16_b, page_bytes = 2048, block_pages = 3, depth = 1>
metalium.program @names chip("n150") config(<math_fidelity = HiFi4>) work(<global, launch = [2, 3, 2], cores = [1, 1], starts = [0], counts = [12]>) {
  metalium.tensor @A input memref<256x32xbf16, #dram>
  metalium.circular_buffer @cb_A index 0 Float16_b pages 3 x 2048 from reader to compute buffer "A_shared"
  metalium.kernel @reader reader {
    %aa = metalium.arg "A_addr" tensor_address "A"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cba = tt.cb_ref @cb_A : !tt.cb<#cb>
    %ad = metalium.tensor_accessor_args "A"
    %a = metalium.tensor_accessor %ad, %aa {page_bytes = 2048 : i64}
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %rest = arith.divui %item, %c2 : index loc("by"("gemm.py":4:2))
      %by = arith.remui %rest, %c3 : index loc("by"("gemm.py":4:2))
      %m = arith.muli %by, %c3 : index loc("gemm.py":6:4)
      %x = tt.read_to_cb %cba, %a[%c0, %m, %c0] : !tt.cb<#cb>, !metalium.accessor -> !tt.block<3x1xbf16> loc("gemm.py":6:4)
    }
  }
}
