// One block of C = A + B, in the form that reaches the emitters. Tests replace
// upper-case words of this file: WORK, SHAPE, ROWS ...
#layout = #tt.layout<dram, interleaved, plane = [PLANE], tile = [32, 32], FORMAT>

metalium.program @add chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) work(<global, WORK>) {
  metalium.tensor @A input memref<SHAPE, #layout> loc("add.py":8:9)
  metalium.tensor @B input memref<SHAPE, #layout> loc("add.py":9:9)
  metalium.tensor @C output memref<SHAPE, #layout> loc("add.py":10:9)
  metalium.circular_buffer @cb_A_shared index 0 FORMAT pages 2 x PAGE from reader to compute UNPACK buffer "A_shared" loc("add.py":12:9)
  metalium.circular_buffer @cb_B_shared index 1 FORMAT pages 2 x PAGE from reader to compute UNPACK buffer "B_shared" loc("add.py":13:9)
  metalium.circular_buffer @cb_C index 16 FORMAT pages 2 x PAGE from compute to writer loc("add.py":16:9)

  metalium.kernel @reader reader args(<[<"A_addr", tensor_address, "A">, <"B_addr", tensor_address, "B">, <"start", work_start>, <"count", work_count>]>) ct_args(<[<"A_args", accessor, "A">, <"B_args", accessor, "B">]>) {
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %B_addr = metalium.arg "B_addr" tensor_address "B"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %a = metalium.cb_ref @cb_A_shared
    %b = metalium.cb_ref @cb_B_shared
    %A_args = metalium.tensor_accessor_args "A"
    %B_args = metalium.tensor_accessor_args "B" after %A_args
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = PAGE}
    %B = metalium.tensor_accessor %B_args, %B_addr {page_bytes = PAGE}
    %c1 = arith.constant 1 : index
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      metalium.cb_reserve_back %a, %c1 loc("add.py":14:13)
      %a_l1 = metalium.get_write_ptr %a loc("add.py":14:13)
      metalium.noc_async_read_page %item, %A, %a_l1 loc("add.py":14:13)
      metalium.cb_reserve_back %b, %c1 loc("add.py":15:13)
      %b_l1 = metalium.get_write_ptr %b loc("add.py":15:13)
      metalium.noc_async_read_page %item, %B, %b_l1 loc("add.py":15:13)
      metalium.noc_async_read_barrier loc("add.py":15:13)
      metalium.cb_push_back %a, %c1 loc("add.py":14:13)
      metalium.cb_push_back %b, %c1 loc("add.py":15:13)
    } loc("item"("add.py":11:9))
  } loc("add.py":11:9)

  metalium.kernel @compute compute args(<[<"count", work_count>]>) {
    %count = metalium.arg "count" work_count
    %a = metalium.cb_ref @cb_A_shared
    %b = metalium.cb_ref @cb_B_shared
    %c = metalium.cb_ref @cb_C
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    metalium.compute_kernel_hw_startup %a, %b -> %c loc("add.py":16:9)
    metalium.add_init %a, %b loc("add.py":16:9)
    scf.for %item = %c0 to %count step %c1 {
      metalium.cb_wait_front %a, %c1 loc("add.py":16:9)
      metalium.cb_wait_front %b, %c1 loc("add.py":16:9)
      metalium.cb_reserve_back %c, %c1 loc("add.py":16:9)
      metalium.tile_regs_acquire loc("add.py":16:9)
      metalium.add_tiles %a, %b, %c0, %c0, %c0 loc("add.py":16:9)
      metalium.tile_regs_commit loc("add.py":16:9)
      metalium.tile_regs_wait loc("add.py":16:9)
      metalium.pack_tile %c0, %c loc("add.py":16:9)
      metalium.tile_regs_release loc("add.py":16:9)
      metalium.cb_pop_front %a, %c1 loc("add.py":16:9)
      metalium.cb_pop_front %b, %c1 loc("add.py":16:9)
      metalium.cb_push_back %c, %c1 loc("add.py":16:9)
    } loc("item"("add.py":11:9))
  } loc("add.py":11:9)

  metalium.kernel @writer writer args(<[<"C_addr", tensor_address, "C">, <"start", work_start>, <"count", work_count>]>) ct_args(<[<"C_args", accessor, "C">]>) {
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %c = metalium.cb_ref @cb_C
    %C_args = metalium.tensor_accessor_args "C"
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = PAGE}
    %c1 = arith.constant 1 : index
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      metalium.cb_wait_front %c, %c1 loc("add.py":17:9)
      %c_l1 = metalium.get_read_ptr %c loc("add.py":17:9)
      metalium.noc_async_write_page %item, %C, %c_l1 loc("add.py":17:9)
      metalium.noc_async_write_barrier loc("add.py":17:9)
      metalium.cb_pop_front %c, %c1 loc("add.py":17:9)
    } loc("item"("add.py":11:9))
  } loc("add.py":11:9)
} loc("add"("add.py":7:5))
