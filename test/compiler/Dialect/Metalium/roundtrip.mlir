// RUN: tilewright-opt %s | tilewright-opt | FileCheck %s
// Each kind of op of the dialect prints as it parses.

// CHECK-LABEL: metalium.program @matmul chip("n150")
// CHECK-SAME: config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>)
// CHECK-SAME: work(<global, launch = [2, 1], cores = [2, 1], starts = [0, 1], counts = [1, 1]>)
metalium.program @matmul chip("n150")
    config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>)
    work(<global, launch = [2, 1], cores = [2, 1], starts = [0, 1], counts = [1, 1]>) {
  // CHECK: metalium.tensor @A input memref<64x64xbf16, #tt.layout<dram,
  metalium.tensor @A input memref<64x64xbf16, #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>>
  // CHECK: metalium.circular_buffer @cb_A index 0 Float16_b pages 8 x 2048 from reader to compute buffer "A_shared" l1_address 103712
  metalium.circular_buffer @cb_A index 0 Float16_b pages 8 x 2048 from reader to compute buffer "A_shared" l1_address 103712
  // CHECK: metalium.circular_buffer @cb_S index 1 Float32 pages 1 x 4096 from reader to compute unpack_to_dest_fp32
  metalium.circular_buffer @cb_S index 1 Float32 pages 1 x 4096 from reader to compute unpack_to_dest_fp32
  metalium.circular_buffer @cb_C index 16 Float16_b pages 4 x 2048 from compute to writer
  // CHECK: metalium.semaphore_decl @ready id 0 initial 0
  metalium.semaphore_decl @ready id 0 initial 0

  // CHECK: metalium.kernel @reader reader
  // CHECK-SAME: args(<[<"A_addr", tensor_address, "A">, <"start", work_start>]>)
  // CHECK-SAME: ct_args(<[<"A", accessor, "A">]>)
  metalium.kernel @reader reader args(<[#metalium.arg<"A_addr", tensor_address, "A">, #metalium.arg<"start", work_start>]>) ct_args(<[#metalium.arg<"A", accessor, "A">]>) {
    // CHECK: %[[ADDR:.*]] = metalium.arg "A_addr" tensor_address "A"
    %addr = metalium.arg "A_addr" tensor_address "A"
    // CHECK: metalium.arg "start" work_start
    %start = metalium.arg "start" work_start
    // CHECK: %[[CB:.*]] = metalium.cb_ref @cb_A
    %cb = metalium.cb_ref @cb_A
    // CHECK: %[[ARGS:.*]] = metalium.tensor_accessor_args "A"
    %args = metalium.tensor_accessor_args "A"
    // CHECK: metalium.tensor_accessor_args "B" after %[[ARGS]]
    %more = metalium.tensor_accessor_args "B" after %args
    // CHECK: %[[A:.*]] = metalium.tensor_accessor %[[ARGS]], %[[ADDR]] {page_bytes = 2048 : i64}
    %a = metalium.tensor_accessor %args, %addr {page_bytes = 2048}
    %c1 = arith.constant 1 : index
    // CHECK: metalium.cb_reserve_back %[[CB]], %c1
    metalium.cb_reserve_back %cb, %c1
    // CHECK: %[[L1:.*]] = metalium.get_write_ptr %[[CB]]
    %l1 = metalium.get_write_ptr %cb
    // CHECK: metalium.noc_async_read_page %{{.*}}, %[[A]], %[[L1]]
    metalium.noc_async_read_page %start, %a, %l1
    // CHECK: metalium.noc_async_read_barrier
    metalium.noc_async_read_barrier
    // CHECK: metalium.cb_push_back
    metalium.cb_push_back %cb, %c1
    // CHECK: %[[SEM:.*]] = metalium.get_semaphore @ready
    %sem = metalium.get_semaphore @ready
    // CHECK: metalium.noc_semaphore_wait %[[SEM]], %c1
    metalium.noc_semaphore_wait %sem, %c1
    // CHECK: metalium.get_noc_multicast_addr
    %mcast = metalium.get_noc_multicast_addr %c1, %c1, %c1, %c1, %l1
    // CHECK: metalium.noc_async_write_multicast {{.*}} {linked}
    metalium.noc_async_write_multicast %l1, %mcast, %c1, %c1 {linked}
  }

  // CHECK: metalium.kernel @compute compute
  metalium.kernel @compute compute {
    %a = metalium.cb_ref @cb_A
    %s = metalium.cb_ref @cb_S
    %out = metalium.cb_ref @cb_C
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    // CHECK: metalium.compute_kernel_hw_startup %[[A:.*]], %[[S:.*]] -> %[[OUT:.*]] {reverse}
    metalium.compute_kernel_hw_startup %a, %s -> %out {reverse}
    // CHECK: metalium.matmul_block_init %[[A]], %[[S]] {ct = 2 : i64, kt = 1 : i64, rt = 2 : i64}
    metalium.matmul_block_init %a, %s {ct = 2, rt = 2, kt = 1}
    // CHECK: metalium.tile_regs_acquire
    metalium.tile_regs_acquire
    // CHECK: metalium.matmul_block %[[A]], %[[S]], %c0, %c0, %c0 {ct = 2 : i64, kt = 1 : i64, rt = 2 : i64}
    metalium.matmul_block %a, %s, %c0, %c0, %c0 {ct = 2, rt = 2, kt = 1}
    // CHECK: metalium.add_unary_tile %c0 {value = 5.000000e-01 : f32}
    metalium.add_unary_tile %c0 {value = 0.5 : f32}
    // CHECK: metalium.reduce_init SUM REDUCE_ROW %[[A]], %[[S]], %[[OUT]]
    metalium.reduce_init SUM REDUCE_ROW %a, %s, %out
    // CHECK: metalium.typecast_tile Float32 Float16_b %c0
    metalium.typecast_tile Float32 Float16_b %c0
    metalium.tile_regs_commit
    metalium.tile_regs_wait
    // CHECK: metalium.pack_tile %c0, %[[OUT]]{{$}}
    metalium.pack_tile %c0, %out
    // CHECK: metalium.pack_tile %c0, %[[OUT]] at %c1
    metalium.pack_tile %c0, %out at %c1
    metalium.tile_regs_release
  }
}
