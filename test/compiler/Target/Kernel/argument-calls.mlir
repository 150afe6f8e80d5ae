// Addresses and names of arguments, tables of blocks, properties of buffers.
// RUN: tilewright-translate --emit-kernel --source-comments=false %s | FileCheck %s
// RUN: tilewright-translate --emit-kernel --source-comments=false --metalium-api=2026-03 %s | FileCheck %s

metalium.program @arguments chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.circular_buffer @cb_a index 0 Float16_b pages 8 x 2048 from reader to compute
  metalium.semaphore_decl @ready id 3 initial 0

  metalium.kernel @reader reader args(<[<"items", work_table>]>) {
    // CHECK: const uint32_t items = get_arg_val<uint32_t>(0);
    %items = metalium.arg "items" work_table
    %a = metalium.cb_ref @cb_a
    %sem = metalium.get_semaphore @ready
    %c4 = arith.constant 4 : index
    // CHECK: reinterpret_cast<volatile tt_l1_ptr uint32_t *>(items)[4]
    %item = metalium.work_table_item %items, %c4
    metalium.noc_semaphore_set %sem, %item
    // CHECK: get_arg_addr(2)
    %arg = metalium.arg_addr {position = 2}
    metalium.noc_semaphore_set %sem, %arg
    // CHECK: get_common_arg_addr(1)
    %common = metalium.common_arg_addr {position = 1}
    metalium.noc_semaphore_set %sem, %common
    // CHECK: get_named_compile_time_arg_val("blocks")
    %named = metalium.named_compile_time_arg {name = "blocks"}
    metalium.noc_semaphore_set %sem, %named
    // CHECK: get_tile_hw(cb_a)
    %hw = metalium.get_tile_hw %a
    metalium.noc_semaphore_set %sem, %hw
    // CHECK: get_tile_num_faces(cb_a)
    %faces = metalium.get_tile_num_faces %a
    metalium.noc_semaphore_set %sem, %faces
    // CHECK: static_cast<uint32_t>(get_dataformat(cb_a))
    %format = metalium.get_dataformat %a
    metalium.noc_semaphore_set %sem, %format
  }
}
