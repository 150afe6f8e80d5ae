// Further calls of the registry render, in both generations of the API.
// RUN: tilewright-translate --emit-kernel --source-comments=false %s > %t.new
// RUN: diff %S/Inputs/further-calls-2026-08.txt %t.new
// RUN: tilewright-translate --emit-kernel --source-comments=false --metalium-api=2026-03 %s > %t.old
// RUN: diff %S/Inputs/further-calls-2026-03.txt %t.old

metalium.program @further chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_a index 0 Float16_b pages 8 x 2048 from reader to compute
  metalium.circular_buffer @cb_b index 1 Float16_b pages 8 x 2048 from reader to compute
  metalium.circular_buffer @cb_out index 16 Float32 pages 16 x 4096 from compute to writer

  metalium.semaphore_decl @ready id 3 initial 0

  metalium.kernel @reader reader {
    %sem = metalium.get_semaphore @ready
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %l1 = metalium.mem_zeros_base
    %dram = metalium.get_dram_bank_noc_addr %c0, %c4
    %noc = metalium.get_l1_bank_noc_addr %c0, %l1
    metalium.noc_async_read_set_state %dram
    metalium.noc_async_read_with_state %c4, %l1, %c4
    metalium.noc_async_write_one_packet_set_state %noc, %c4
    metalium.noc_async_write_one_packet_with_state %l1, %c4
    metalium.noc_async_read_set_trid %c4
    metalium.noc_async_read_one_packet_set_state %noc, %c4
    metalium.noc_async_read_one_packet_with_state_with_trid %l1, %c0, %l1, %c4
    metalium.noc_async_write_one_packet_with_trid %l1, %noc, %c4, %c4
    metalium.noc_async_read_barrier_with_trid %c4
    metalium.noc_async_write_barrier_with_trid %c4
    metalium.noc_async_posted_writes_flushed
    metalium.noc_semaphore_set_remote %sem, %noc
    metalium.noc_semaphore_set_multicast_loopback_src %sem, %noc, %c4 {linked}
    metalium.noc_semaphore_inc_multicast %noc, %c4, %c4
    metalium.dprint_place {message = "sum", place = "add.py:12"}
    metalium.dprint_value %c4
    metalium.dprint_f32 %l1
    metalium.dprint_i32 %l1
    metalium.dprint_u32 %l1
    metalium.dprint_endl
    metalium.assert %c0
  }

  metalium.kernel @compute compute {
    %a = metalium.cb_ref @cb_a
    %b = metalium.cb_ref @cb_b
    %out = metalium.cb_ref @cb_out
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    metalium.expm1_tile_init
    metalium.expm1_tile %c0
    metalium.signbit_tile_init
    metalium.signbit_tile %c0
    metalium.asin_tile_init
    metalium.asin_tile %c0
    metalium.acos_tile_init
    metalium.acos_tile %c0
    metalium.asinh_tile_init
    metalium.asinh_tile %c0
    metalium.acosh_tile_init
    metalium.acosh_tile %c0
    metalium.atanh_tile_init
    metalium.atanh_tile %c0
    metalium.log1p_tile_init
    metalium.log1p_tile %c0
    metalium.cbrt_tile_init
    metalium.cbrt_tile %c0
    metalium.erfc_tile_init
    metalium.erfc_tile %c0
    metalium.erfinv_tile_init
    metalium.erfinv_tile %c0
    metalium.i0_tile_init
    metalium.i0_tile %c0
    metalium.i1_tile_init
    metalium.i1_tile %c0
    metalium.hardsigmoid_tile_init
    metalium.hardsigmoid_tile %c0
    metalium.softsign_tile_init
    metalium.softsign_tile %c0
    metalium.logical_not_tile_init
    metalium.logical_not_tile Float32 %c0
    metalium.isposinf_tile_init
    metalium.isposinf_tile %c0
    metalium.isneginf_tile_init
    metalium.isneginf_tile %c0
    metalium.rounding_op_tile_init
    metalium.frac_tile %c0
    metalium.softshrink_tile_init
    metalium.softshrink_tile %c0 {value = 0.5 : f32}
    metalium.prelu_tile_init
    metalium.prelu_tile %c0 {value = 0.5 : f32}
    metalium.heaviside_tile_init
    metalium.heaviside_tile %c0 {value = 0.5 : f32}
    metalium.rpow_tile_init
    metalium.rpow_tile %c0 {value = 0.5 : f32}
    metalium.rdiv_tile_init
    metalium.rdiv_tile %c0 {value = 0.5 : f32}
    metalium.relu_min_tile_init
    metalium.relu_min_tile %c0 {value = 0.5 : f32}
    metalium.clamp_tile_init
    metalium.clamp_tile %c0 {first = 0.5 : f32, second = 2.0 : f32}
    metalium.hardtanh_tile_init
    metalium.hardtanh_tile %c0 {first = 0.5 : f32, second = 2.0 : f32}
    metalium.threshold_tile_init
    metalium.threshold_tile %c0 {first = 0.5 : f32, second = 2.0 : f32}
    metalium.selu_tile_init
    metalium.selu_tile %c0 {first = 0.5 : f32, second = 2.0 : f32}
    metalium.celu_tile_init
    metalium.celu_tile %c0 {first = 0.5 : f32, second = 2.0 : f32}
    metalium.softplus_tile_init
    metalium.softplus_tile %c0 {beta = 2.0 : f32, reciprocal = 0.5 : f32, threshold = 20.0 : f32}
    metalium.xlogy_binary_tile_init
    metalium.xlogy_binary_tile %c0, %c4, %c0
    metalium.logsigmoid_tile_init
    metalium.logsigmoid_tile %c0, %c4, %c0
    metalium.cumsum_tile_init
    metalium.cumsum_tile %c0 {first}
    metalium.cumsum_tile %c0
    metalium.copy_dest_values Float32 %c4, %c0
    metalium.copy_dest_values_init
    metalium.transpose_dest_init {wide}
    metalium.transpose_dest %c0 {wide}
    metalium.tilize_init %a, %c4, %out
    metalium.tilize_block %a, %c4, %out
    metalium.tilize_uninit %a, %out
    metalium.pack_untilize_init %a, %out {ct = 4}
    metalium.pack_untilize_block %a, %c4, %out {ct = 4}
    metalium.pack_untilize_uninit %out
  }
}
