// Calls that only the newest generation has render in it, and are errors in the
// one before.
// RUN: tilewright-translate --emit-kernel --source-comments=false %s | diff %S/Inputs/calls-of-2026-08.txt -
// RUN: not tilewright-translate --emit-kernel --metalium-api=2026-03 %s 2>&1 | FileCheck %s
// CHECK: calls-of-2026-08.mlir:{{[0-9]+}}:{{[0-9]+}}: error: [TW60

metalium.program @newest chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_a index 0 Float16_b pages 8 x 2048 from reader to compute
  metalium.circular_buffer @cb_b index 1 Float16_b pages 8 x 2048 from reader to compute
  metalium.circular_buffer @cb_out index 16 Float32 pages 16 x 4096 from compute to writer

  metalium.kernel @compute compute {
    %a = metalium.cb_ref @cb_a
    %b = metalium.cb_ref @cb_b
    %out = metalium.cb_ref @cb_out
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    metalium.sub_bcast_rows_init %a, %b
    metalium.ne_binary_tile_init
    metalium.lt_binary_tile_init
    metalium.le_binary_tile_init
    metalium.gt_binary_tile_init
    metalium.ge_binary_tile_init
    metalium.eq_int32_tile_init
    metalium.ne_int32_tile_init
    metalium.eq_int32_tile %c0, %c0, %c0
    metalium.ne_int32_tile %c0, %c0, %c0
    metalium.ne_binary_tile %c0, %c0, %c0
    metalium.lt_binary_tile %c0, %c0, %c0
    metalium.le_binary_tile %c0, %c0, %c0
    metalium.gt_binary_tile %c0, %c0, %c0
    metalium.ge_binary_tile %c0, %c0, %c0
    metalium.pack_relu_config {config = 1}
    metalium.transpose_dest_init
    metalium.transpose_dest %c0
  }
}
