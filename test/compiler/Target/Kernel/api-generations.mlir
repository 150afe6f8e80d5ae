// RUN: tilewright-translate --emit-kernel --metalium-api=2026-03 --source-comments=false %s | FileCheck %s
// RUN: not tilewright-translate --emit-kernel --metalium-api=2027-01 %s 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// Calls of the older generation only, and a generation that is not known.

// UNKNOWN: [TW6014] '2027-01' is no TT-Metalium API generation; there are 2026-03 and 2026-08

metalium.program @p chip("n150") config(<math_fidelity = HiFi4>) {
  metalium.circular_buffer @cb index 0 Float16_b pages 2 x 2048 from reader to compute
  metalium.kernel @compute compute {
    %cb = metalium.cb_ref @cb
    // CHECK: mm_init(cb, cb, cb);
    metalium.mm_init %cb, %cb, %cb
    // CHECK: mm_init(cb, cb, cb, 1);
    metalium.mm_init %cb, %cb, %cb {transpose}
    // CHECK: mm_block_init(cb, cb, cb, 0, 2, 3, 4);
    metalium.mm_block_init %cb, %cb, %cb {ct = 2, rt = 3, kt = 4}
  }
}
