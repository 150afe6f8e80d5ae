// Calls that only the generation 2026-03 has render in it, and are errors in the
// newest.
// RUN: tilewright-translate --emit-kernel --source-comments=false --metalium-api=2026-03 %s | diff %S/Inputs/calls-of-2026-03.txt -
// RUN: not tilewright-translate --emit-kernel %s 2>&1 | FileCheck %s
// CHECK: calls-of-2026-03.mlir:{{[0-9]+}}:{{[0-9]+}}: error: [TW60

metalium.program @older chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_a index 0 Float16_b pages 8 x 2048 from reader to compute
  metalium.circular_buffer @cb_b index 1 Float16_b pages 8 x 2048 from reader to compute
  metalium.circular_buffer @cb_out index 16 Float32 pages 16 x 4096 from compute to writer

  metalium.kernel @compute compute {
    %a = metalium.cb_ref @cb_a
    %b = metalium.cb_ref @cb_b
    %out = metalium.cb_ref @cb_out
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    metalium.binary_op_init_common %a, %b, %out
    metalium.mm_init %a, %b, %out
    metalium.mm_block_init %a, %b, %out {ct = 2, rt = 3, kt = 4}
  }
}
