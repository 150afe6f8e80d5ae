// RUN: tilewright-translate --emit-kernel --source-comments=false %s | FileCheck %s
// Loops, and the values that they carry.

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.circular_buffer @cb index 0 Float16_b pages 2 x 2048 from reader to compute
  metalium.kernel @writer writer args(<[<"start", work_start>, <"count", work_count>]>) {
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb = metalium.cb_ref @cb
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c8 = arith.constant 8 : index

    // The bound stands in the loop; sibling loops use the same name.
    // CHECK: for (uint32_t k = start; k < start + count; ++k)
    // CHECK-NEXT: cb_push_back(cb, k);
    %end = arith.addi %start, %count : index
    scf.for %k = %start to %end step %c1 {
      metalium.cb_push_back %cb, %k
    } loc("k"("p.py":1:1))
    // CHECK: for (uint32_t k = 0; k < 8; k += 2) {
    scf.for %k = %c0 to %c8 step %c2 {
      // An inner loop of the same name gets another one.
      // CHECK-NEXT: for (uint32_t k_1 = 0; k_1 < 2; ++k_1)
      // CHECK-NEXT: cb_push_back(cb, k + k_1);
      scf.for %k2 = %c0 to %c2 step %c1 {
        %s = arith.addi %k, %k2 : index
        metalium.cb_push_back %cb, %s
      } loc("k"("p.py":1:1))
    } loc("k"("p.py":1:1))

    // A bound that is a minimum, and one that can be negative.
    // CHECK: for (uint32_t i = 0; i < (count < 8 ? count : 8); ++i)
    %few = arith.minui %count, %c8 : index
    scf.for %i = %c0 to %few step %c1 {
      metalium.cb_push_back %cb, %i
    }
    // CHECK: for (uint32_t i = 0; int32_t(i) < int32_t(count - start); ++i)
    %left = arith.subi %count, %start : index
    scf.for %i = %c0 to %left step %c1 {
      metalium.cb_push_back %cb, %i
    }

    // A loop-carried sum, used after the loop.
    // CHECK: uint32_t total = 0;
    // CHECK-NEXT: for (uint32_t i = 0; i < 8; ++i)
    // CHECK-NEXT: total += i * 2;
    // CHECK-NEXT: cb_push_back(cb, total);
    %zero = arith.constant 0 : index loc("total"("p.py":1:1))
    %total = scf.for %i = %c0 to %c8 step %c1 iter_args(%sum = %zero) -> (index) {
      %twice = arith.muli %i, %c2 : index
      %more = arith.addi %sum, %twice : index
      scf.yield %more : index
    }
    metalium.cb_push_back %cb, %total

    // Two values that change places.
    // CHECK: uint32_t value = 0;
    // CHECK-NEXT: uint32_t value_1 = 1;
    // CHECK-NEXT: for
    // CHECK-NEXT: const uint32_t next_value_1 = value;
    // CHECK-NEXT: value = value_1;
    // CHECK-NEXT: value_1 = next_value_1;
    %pair:2 = scf.for %i = %c0 to %c8 step %c1 iter_args(%p = %c0, %q = %c1) -> (index, index) {
      scf.yield %q, %p : index, index
    }
    metalium.cb_push_back %cb, %pair#0
    metalium.cb_push_back %cb, %pair#1

    // A start value that is still needed is copied.
    // CHECK: const uint32_t base = start * 8;
    // CHECK-NEXT: uint32_t base_1 = base;
    // CHECK-NEXT: for
    // CHECK-NEXT: base_1 += 2;
    // CHECK-NEXT: cb_push_back(cb, base + base_1);
    %base = arith.muli %start, %c8 : index loc("base"("p.py":1:1))
    %at = scf.for %i = %c0 to %c8 step %c1 iter_args(%a = %base) -> (index) {
      %next = arith.addi %a, %c2 : index
      scf.yield %next : index
    }
    %both = arith.addi %base, %at : index
    metalium.cb_push_back %cb, %both
  }
}
