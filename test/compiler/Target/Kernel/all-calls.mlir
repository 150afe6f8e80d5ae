// Every call of the registry renders, in both generations of the API.
// RUN: tilewright-translate --emit-kernel --source-comments=false %s > %t.new
// RUN: diff %S/Inputs/all-calls-2026-08.txt %t.new
// RUN: tilewright-translate --emit-kernel --source-comments=false --metalium-api=2026-03 %s > %t.old
// RUN: diff %S/Inputs/all-calls-2026-03.txt %t.old

// No record is left out; further calls, and those of one generation, stand in
// files of their own.
// RUN: tilewright-registry --json | grep '"op":' | grep -o 'metalium[.a-z0-9_]*' | sort > %t.registry
// RUN: cat %s %S/further-calls.mlir %S/calls-of-2026-08.mlir %S/calls-of-2026-03.mlir %S/shard-calls.mlir %S/argument-calls.mlir | grep -v RUN | grep -o 'metalium[.][a-z0-9_]*' | grep -v -e 'metalium.program' -e 'metalium.kernel' -e 'metalium.circular_buffer' -e 'metalium.semaphore_decl' | sort -u > %t.here
// RUN: diff %t.registry %t.here

metalium.program @all chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_a index 0 Float16_b pages 8 x 2048 from reader to compute
  metalium.circular_buffer @cb_b index 1 Float16_b pages 8 x 2048 from reader to compute
  metalium.circular_buffer @cb_out index 16 Float32 pages 16 x 4096 from compute to writer
  metalium.semaphore_decl @ready id 3 initial 0

  metalium.kernel @reader reader args(<[<"A_addr", tensor_address, "A">, <"items", work_items>]>) {
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %a = metalium.cb_ref @cb_a
    %A_args = metalium.tensor_accessor_args "A"
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 2048}
    %sem = metalium.get_semaphore @ready
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %l1 = metalium.mem_zeros_base
    %noc = metalium.get_local_noc_addr %l1
    %sem_noc = metalium.get_semaphore_noc_addr %c0, %c0, %sem
    metalium.noc_semaphore_inc %sem_noc, %c4
    %work_item = metalium.work_item %c4
    metalium.noc_semaphore_set %sem, %work_item
    %common_arg = metalium.common_arg {position = 0}
    metalium.noc_semaphore_set %sem, %common_arg
    %compile_time_arg = metalium.compile_time_arg {position = 0}
    metalium.noc_semaphore_set %sem, %compile_time_arg
    %cb_pages_available_at_front = metalium.cb_pages_available_at_front %a, %c4
    %cb_pages_reservable_at_back = metalium.cb_pages_reservable_at_back %a, %c4
    metalium.cb_pop_front %a, %c4
    metalium.cb_push_back %a, %c4
    metalium.cb_reserve_back %a, %c4
    metalium.cb_wait_front %a, %c4
    %get_read_ptr = metalium.get_read_ptr %a
    %get_tile_size = metalium.get_tile_size %a
    metalium.noc_semaphore_set %sem, %get_tile_size
    %get_write_ptr = metalium.get_write_ptr %a
    %get_noc_addr = metalium.get_noc_addr %c0, %c0, %l1
    metalium.noc_async_read %get_noc_addr, %l1, %c4
    %get_noc_multicast_addr = metalium.get_noc_multicast_addr %c0, %c0, %c0, %c0, %l1
    metalium.noc_async_read %get_noc_multicast_addr, %l1, %c4
    %get_page_noc_addr = metalium.get_page_noc_addr %c0, %A
    metalium.noc_async_read %get_page_noc_addr, %l1, %c4
    %l1_load_u16 = metalium.l1_load_u16 %l1
    %l1_load_u32 = metalium.l1_load_u32 %l1
    metalium.l1_store_u16 %c4, %l1
    metalium.l1_store_u32 %c4, %l1
    %bits = metalium.float_bits %c4
    metalium.l1_store_u32 %bits, %l1
    %mem_zeros_size = metalium.mem_zeros_size
    metalium.noc_semaphore_set %sem, %mem_zeros_size
    metalium.noc_async_read %noc, %l1, %c4
    metalium.noc_async_read_one_packet %noc, %l1, %c4
    metalium.noc_async_read_one_packet_set_state %noc, %c4
    metalium.noc_async_read_one_packet_with_state %l1, %l1
    metalium.noc_async_read_page %c0, %A, %l1
    metalium.noc_async_write %l1, %noc, %c4
    metalium.noc_async_write_multicast %l1, %noc, %c4, %c4 {linked}
    metalium.noc_async_write_multicast_loopback_src %l1, %noc, %c4, %c4 {linked}
    metalium.noc_async_write_one_packet %l1, %noc, %c4
    metalium.noc_async_write_page %c0, %A, %l1
    metalium.noc_inline_dw_write %noc, %c4
    %get_semaphore_multicast_addr = metalium.get_semaphore_multicast_addr %c0, %c0, %c0, %c0, %sem
    metalium.noc_async_read %get_semaphore_multicast_addr, %l1, %c4
    metalium.noc_async_atomic_barrier
    metalium.noc_async_full_barrier
    metalium.noc_async_read_barrier
    metalium.noc_async_write_barrier
    metalium.noc_async_writes_flushed
    metalium.noc_semaphore_inc %noc, %c4
    metalium.noc_semaphore_set %sem, %c4
    metalium.noc_semaphore_set_multicast %sem, %noc, %c4 {linked}
    metalium.noc_semaphore_wait %sem, %c4
    metalium.noc_semaphore_wait_min %sem, %c4
  }

  metalium.kernel @compute compute {
    %a = metalium.cb_ref @cb_a
    %b = metalium.cb_ref @cb_b
    %out = metalium.cb_ref @cb_out
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    metalium.compute_kernel_hw_startup %a, %b -> %out {reverse}
    metalium.compute_kernel_hw_startup %a, %b -> %out
    metalium.compute_kernel_hw_startup %a -> %out
    metalium.pack_tile %c0, %out
    metalium.pack_tile %c0, %out at %c4
    metalium.cb_pop_front %a, %c4
    metalium.cb_push_back %a, %c4
    metalium.cb_reserve_back %a, %c4
    metalium.cb_wait_front %a, %c4
    metalium.tile_regs_acquire
    metalium.tile_regs_commit
    metalium.tile_regs_release
    metalium.tile_regs_wait
    metalium.abs_tile_init
    metalium.add_bcast_cols_init %a, %b
    metalium.add_bcast_rows_init %a, %b
    metalium.add_bcast_scalar_init %a, %b
    metalium.add_binary_tile_init
    metalium.add_init %a, %b {acc_to_dest}
    metalium.add_reuse_dest_init DEST_TO_SRCA %a
    metalium.binary_max_tile_init
    metalium.binary_min_tile_init
    metalium.binop_with_scalar_tile_init
    metalium.copy_init %a
    metalium.cos_tile_init
    metalium.div_binary_tile_init
    metalium.elu_tile_init
    metalium.eqz_tile_init
    metalium.erf_tile_init {fast}
    metalium.exp2_tile_init
    metalium.exp_tile_init {fast}
    metalium.fill_tile_init
    metalium.gelu_tile_init {fast}
    metalium.gez_tile_init
    metalium.gtz_tile_init
    metalium.init_sfpu %a, %out
    metalium.leaky_relu_tile_init
    metalium.lez_tile_init
    metalium.log_tile_init
    metalium.log_with_base_tile_init
    metalium.ltz_tile_init
    metalium.matmul_block_init %a, %b {transpose, ct = 2, rt = 2, kt = 1}
    metalium.matmul_init %a, %b {transpose}
    metalium.mul_bcast_cols_init %a, %b
    metalium.mul_bcast_rows_init %a, %b
    metalium.mul_bcast_scalar_init %a, %b
    metalium.mul_binary_tile_init
    metalium.mul_init %a, %b {acc_to_dest}
    metalium.mul_reuse_dest_init DEST_TO_SRCA %a
    metalium.negative_tile_init
    metalium.nez_tile_init
    metalium.pack_reconfig_data_format %out
    metalium.pack_reconfig_l1_acc {enable}
    metalium.power_binary_tile_init
    metalium.power_iterative_tile_init
    metalium.power_tile_init
    metalium.recip_tile_init
    metalium.reconfig_data_format %a, %b {reverse}
    metalium.reconfig_data_format_srca %a
    metalium.reconfig_data_format_srcb %a
    metalium.reduce_init SUM REDUCE_ROW %a, %b, %out
    metalium.reduce_uninit
    metalium.relu_max_tile_init
    metalium.relu_tile_init
    metalium.rounding_op_tile_init
    metalium.rsqrt_tile_init
    metalium.rsub_binary_tile_init
    metalium.sigmoid_tile_init
    metalium.sign_tile_init
    metalium.silu_tile_init
    metalium.sin_tile_init
    metalium.sqrt_tile_init
    metalium.square_tile_init
    metalium.sub_bcast_cols_init %a, %b
    metalium.sub_bcast_scalar_init %a, %b
    metalium.sub_binary_tile_init
    metalium.sub_init %a, %b {acc_to_dest}
    metalium.sub_reuse_dest_init DEST_TO_SRCA %a
    metalium.tan_tile_init
    metalium.tanh_tile_init
    metalium.transpose_init %a
    metalium.typecast_tile_init Float32 Float16_b
    metalium.unary_bcast_init ROW %a, %out
    metalium.unary_max_tile_init
    metalium.unary_min_tile_init
    metalium.unary_op_init_common %a, %out
    metalium.where_tile_init
    metalium.sinh_tile_init
    metalium.cosh_tile_init
    metalium.atan_tile_init
    metalium.isnan_tile_init
    metalium.isinf_tile_init
    metalium.isfinite_tile_init
    metalium.unary_eq_tile_init
    metalium.eq_binary_tile_init
    metalium.unary_ne_tile_init
    metalium.unary_lt_tile_init
    metalium.unary_le_tile_init
    metalium.unary_gt_tile_init
    metalium.unary_ge_tile_init
    metalium.sfpu_reduce_init MAX Float32
    metalium.add_int_tile_init
    metalium.sub_int_tile_init
    metalium.mul_int_tile_init Int32
    metalium.binary_bitwise_tile_init
    metalium.binary_shift_tile_init
    metalium.unary_max_int32_tile_init
    metalium.unary_min_int32_tile_init
    metalium.bitwise_and_tile_init
    metalium.bitwise_or_tile_init
    metalium.bitwise_xor_tile_init
    metalium.left_shift_tile_init
    metalium.right_shift_tile_init
    metalium.binary_max_int32_tile_init
    metalium.binary_min_int32_tile_init
    metalium.binary_max_uint32_tile_init
    metalium.binary_min_uint32_tile_init
    metalium.lt_int32_tile_init
    metalium.le_int32_tile_init
    metalium.gt_int32_tile_init
    metalium.ge_int32_tile_init
    metalium.div_int32_floor_tile_init
    metalium.div_int32_trunc_tile_init
    metalium.remainder_int32_tile_init
    metalium.fmod_int32_tile_init
    metalium.abs_tile %c0
    metalium.add_binary_tile %c0, %c0, %c0
    metalium.add_reuse_dest_tiles DEST_TO_SRCA %a, %c0, %c0
    metalium.add_tiles %a, %b, %c0, %c0, %c0
    metalium.add_tiles_bcast_cols %a, %b, %c0, %c0, %c0
    metalium.add_tiles_bcast_rows %a, %b, %c0, %c0, %c0
    metalium.add_tiles_bcast_scalar %a, %b, %c0, %c0, %c0
    metalium.add_unary_tile %c0 {value = 0.5 : f32}
    metalium.binary_max_tile %c0, %c0, %c0
    metalium.binary_min_tile %c0, %c0, %c0
    metalium.ceil_tile %c0
    metalium.copy_block %a, %c0, %c0, %c4
    metalium.copy_tile %a, %c0, %c0
    %read_tile_value = metalium.read_tile_value %a, %c0, %c4
    metalium.copy_tile %a, %read_tile_value, %c0
    metalium.cos_tile %c0
    metalium.div_binary_tile %c0, %c0, %c0
    metalium.div_unary_tile %c0 {value = 0.5 : f32}
    metalium.elu_tile %c0 {value = 0.5 : f32}
    metalium.eqz_tile %c0
    metalium.erf_tile %c0 {fast}
    metalium.exp2_tile %c0
    metalium.exp_tile %c0 {fast}
    metalium.fill_tile %c0 {value = 0.5 : f32}
    metalium.fill_tile_bitcast %c0 {value = 0.5 : f32}
    metalium.floor_tile %c0
    metalium.gelu_tile %c0 {fast}
    metalium.gez_tile %c0
    metalium.gtz_tile %c0
    metalium.leaky_relu_tile %c0 {value = 0.5 : f32}
    metalium.lez_tile %c0
    metalium.log_tile %c0
    metalium.log_with_base_tile %c0 {value = 0.5 : f32}
    metalium.ltz_tile %c0
    metalium.matmul_block %a, %b, %c0, %c0, %c0 {transpose, ct = 2, rt = 2, kt = 1}
    metalium.matmul_tiles %a, %b, %c0, %c0, %c0
    metalium.mul_binary_tile %c0, %c0, %c0
    metalium.mul_reuse_dest_tiles DEST_TO_SRCA %a, %c0, %c0
    metalium.mul_tiles %a, %b, %c0, %c0, %c0
    metalium.mul_tiles_bcast_cols %a, %b, %c0, %c0, %c0
    metalium.mul_tiles_bcast_rows %a, %b, %c0, %c0, %c0
    metalium.mul_tiles_bcast_scalar %a, %b, %c0, %c0, %c0
    metalium.mul_unary_tile %c0 {value = 0.5 : f32}
    metalium.negative_tile %c0
    metalium.nez_tile %c0
    metalium.pack_block %c0, %out, %c4
    metalium.power_binary_tile %c0, %c0, %c0
    metalium.power_iterative_tile %c0 {exponent = 2}
    metalium.power_tile %c0 {value = 0.5 : f32}
    metalium.recip_tile %c0
    metalium.reduce_tile SUM REDUCE_ROW %a, %b, %c0, %c0, %c0
    metalium.relu_max_tile %c0 {value = 0.5 : f32}
    metalium.relu_tile %c0
    metalium.rsqrt_tile %c0
    metalium.rsub_binary_tile %c0, %c0, %c0
    metalium.rsub_unary_tile %c0 {value = 0.5 : f32}
    metalium.sigmoid_tile %c0
    metalium.sign_tile %c0
    metalium.silu_tile %c0
    metalium.sin_tile %c0
    metalium.sqrt_tile %c0
    metalium.square_tile %c0
    metalium.sub_binary_tile %c0, %c0, %c0
    metalium.sub_reuse_dest_tiles DEST_TO_SRCA %a, %c0, %c0
    metalium.sub_tiles %a, %b, %c0, %c0, %c0
    metalium.sub_tiles_bcast_cols %a, %b, %c0, %c0, %c0
    metalium.sub_tiles_bcast_rows %a, %b, %c0, %c0, %c0
    metalium.sub_tiles_bcast_scalar %a, %b, %c0, %c0, %c0
    metalium.sub_unary_tile %c0 {value = 0.5 : f32}
    metalium.tan_tile %c0
    metalium.tanh_tile %c0
    metalium.transpose_tile %a, %c0, %c0
    metalium.trunc_tile %c0
    metalium.typecast_tile Float32 Float16_b %c0
    metalium.unary_bcast ROW %a, %c0, %c0
    metalium.unary_max_tile %c0 {value = 0.5 : f32}
    metalium.unary_min_tile %c0 {value = 0.5 : f32}
    metalium.where_tile Float32 %c0, %c0, %c0, %c0
    metalium.sinh_tile %c0
    metalium.cosh_tile %c0
    metalium.atan_tile %c0
    metalium.isnan_tile %c0
    metalium.isinf_tile %c0
    metalium.isfinite_tile %c0
    metalium.unary_eq_tile %c0 {value = 0.5 : f32}
    metalium.eq_binary_tile %c0, %c0, %c0
    metalium.unary_ne_tile %c0 {value = 0.5 : f32}
    metalium.unary_lt_tile %c0 {value = 0.5 : f32}
    metalium.unary_le_tile %c0 {value = 0.5 : f32}
    metalium.unary_gt_tile %c0 {value = 0.5 : f32}
    metalium.unary_ge_tile %c0 {value = 0.5 : f32}
    metalium.sfpu_reduce MAX REDUCE_ROW Float32 %c0
    metalium.round_tile %c0
    metalium.add_init %a, %b
    metalium.erf_tile %c0
    metalium.abs_tile_int32 %c0
    metalium.fill_tile_int Int32 %c0 {value = -1 : i64}
    metalium.add_unary_tile_int32 %c0 {value = 7 : i64}
    metalium.sub_unary_tile_int32 %c0 {value = 7 : i64}
    metalium.unary_eq_tile_int32 %c0 {value = -7 : i64}
    metalium.unary_ne_tile_int32 %c0 {value = -7 : i64}
    metalium.unary_lt_tile_int32 %c0 {value = -7 : i64}
    metalium.unary_le_tile_int32 %c0 {value = -7 : i64}
    metalium.unary_gt_tile_int32 %c0 {value = -7 : i64}
    metalium.unary_ge_tile_int32 %c0 {value = -7 : i64}
    metalium.unary_max_int32_tile %c0 {value = 3 : i64}
    metalium.unary_min_int32_tile %c0 {value = 3 : i64}
    metalium.bitwise_and_tile %c0 {value = 3 : i64}
    metalium.bitwise_or_tile %c0 {value = 3 : i64}
    metalium.bitwise_xor_tile %c0 {value = 3 : i64}
    metalium.left_shift_tile %c0 {value = 3 : i64}
    metalium.right_shift_tile %c0 {value = 3 : i64}
    metalium.add_int_tile Int32 %c0, %c0, %c0
    metalium.sub_int_tile Int32 %c0, %c0, %c0
    metalium.mul_int_tile Int32 %c0, %c0, %c0
    metalium.bitwise_and_binary_tile Int32 %c0, %c0, %c0
    metalium.bitwise_or_binary_tile Int32 %c0, %c0, %c0
    metalium.bitwise_xor_binary_tile Int32 %c0, %c0, %c0
    metalium.binary_left_shift_tile Int32 %c0, %c0, %c0
    metalium.binary_right_shift_tile Int32 %c0, %c0, %c0
    metalium.binary_logical_right_shift_tile Int32 %c0, %c0, %c0
    metalium.binary_max_int32_tile %c0, %c0, %c0
    metalium.binary_min_int32_tile %c0, %c0, %c0
    metalium.binary_max_uint32_tile %c0, %c0, %c0
    metalium.binary_min_uint32_tile %c0, %c0, %c0
    metalium.lt_int32_tile %c0, %c0, %c0
    metalium.le_int32_tile %c0, %c0, %c0
    metalium.gt_int32_tile %c0, %c0, %c0
    metalium.ge_int32_tile %c0, %c0, %c0
    metalium.div_int32_floor_tile %c0, %c0, %c0
    metalium.div_int32_trunc_tile %c0, %c0, %c0
    metalium.remainder_int32_tile %c0, %c0, %c0
    metalium.fmod_int32_tile %c0, %c0, %c0
    metalium.erf_tile_init
    metalium.exp_tile %c0
    metalium.exp_tile_init
    metalium.gelu_tile %c0
    metalium.gelu_tile_init
    metalium.matmul_block %a, %b, %c0, %c0, %c0 {ct = 2, rt = 2, kt = 1}
    metalium.matmul_block_init %a, %b {ct = 2, rt = 2, kt = 1}
    metalium.matmul_init %a, %b
    metalium.mul_init %a, %b
    metalium.pack_reconfig_l1_acc
    metalium.reconfig_data_format %a, %b
    metalium.sub_init %a, %b
  }
}
