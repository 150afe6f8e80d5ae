// The three kernels of a GEMM, in both generations of the API.
// RUN: cd %S && tilewright-translate --emit-kernel %s > %t.new
// RUN: diff %S/Inputs/gemm-2026-08.txt %t.new
// RUN: cd %S && tilewright-translate --emit-kernel --metalium-api=2026-03 %s > %t.old
// RUN: diff %S/Inputs/gemm-2026-03.txt %t.old

#layout = #tt.layout<dram, interleaved, plane = [0, 1], tile = [32, 32], Float16_b>
#copyA = loc("Inputs/gemm.py":11:13)
#copyB = loc("Inputs/gemm.py":12:13)
#gemm = loc("Inputs/gemm.py":13:13)
#copyC = loc("Inputs/gemm.py":14:9)

metalium.program @matmul chip("n150") config(<math_fidelity = HiFi4, fp32_dest_acc_en = true>) {
  metalium.tensor @A input memref<1024x1024xbf16, #layout>
  metalium.tensor @B input memref<1024x1024xbf16, #layout>
  metalium.tensor @C output memref<1024x1024xbf16, #layout>
  metalium.circular_buffer @cb_A_shared index 0 Float16_b pages 8 x 2048 from reader to compute buffer "A_shared"
  metalium.circular_buffer @cb_B_shared index 1 Float16_b pages 8 x 2048 from reader to compute buffer "B_shared"
  metalium.circular_buffer @cb_C_local index 16 Float32 pages 16 x 4096 from compute to compute buffer "C_local"
  metalium.circular_buffer @cb_C index 17 Float16_b pages 16 x 2048 from compute to writer

  metalium.kernel @reader reader args(<[<"A_addr", tensor_address, "A">, <"B_addr", tensor_address, "B">, <"start", work_start>, <"count", work_count>]>) {
    %A_addr = metalium.arg "A_addr" tensor_address "A"
    %B_addr = metalium.arg "B_addr" tensor_address "B"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb_A = metalium.cb_ref @cb_A_shared
    %cb_B = metalium.cb_ref @cb_B_shared
    %A_args = metalium.tensor_accessor_args "A"
    %B_args = metalium.tensor_accessor_args "B" after %A_args
    %A = metalium.tensor_accessor %A_args, %A_addr {page_bytes = 2048}
    %B = metalium.tensor_accessor %B_args, %B_addr {page_bytes = 2048}
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %c32 = arith.constant 32 : index
    %c2048 = arith.constant 2048 : index
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %bx = arith.remui %item, %c8 : index loc("bx"("Inputs/gemm.py":5:1))
      %by = arith.divui %item, %c8 : index loc("by"("Inputs/gemm.py":5:1))
      %row = arith.muli %by, %c4 : index
      %col = arith.muli %bx, %c4 : index
      scf.for %k = %c0 to %c32 step %c1 {
        metalium.cb_reserve_back %cb_A, %c4 loc(#copyA)
        %A_l1 = metalium.get_write_ptr %cb_A loc(#copyA)
        scf.for %r = %c0 to %c4 step %c1 iter_args(%l1 = %A_l1) -> (index) {
          %tile_row = arith.addi %row, %r : index
          %first = arith.muli %tile_row, %c32 : index
          %page = arith.addi %first, %k : index
          metalium.noc_async_read_page %page, %A, %l1 loc(#copyA)
          %next = arith.addi %l1, %c2048 : index
          scf.yield %next : index
        } loc("r"(#copyA))
        metalium.cb_reserve_back %cb_B, %c4 loc(#copyB)
        %B_l1 = metalium.get_write_ptr %cb_B loc(#copyB)
        scf.for %c = %c0 to %c4 step %c1 iter_args(%l1 = %B_l1) -> (index) {
          %first = arith.muli %k, %c32 : index
          %tile_col = arith.addi %col, %c : index
          %page = arith.addi %first, %tile_col : index
          metalium.noc_async_read_page %page, %B, %l1 loc(#copyB)
          %next = arith.addi %l1, %c2048 : index
          scf.yield %next : index
        } loc("c"(#copyB))
        metalium.noc_async_read_barrier loc(#copyB)
        metalium.cb_push_back %cb_A, %c4 loc(#copyA)
        metalium.cb_push_back %cb_B, %c4 loc(#copyB)
      } loc("k"("Inputs/gemm.py":10:13))
    } loc("item"("Inputs/gemm.py":5:10))
  }

  metalium.kernel @compute compute args(<[<"count", work_count>]>) {
    %count = metalium.arg "count" work_count
    %a = metalium.cb_ref @cb_A_shared
    %b = metalium.cb_ref @cb_B_shared
    %acc = metalium.cb_ref @cb_C_local
    %out = metalium.cb_ref @cb_C
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %c4 = arith.constant 4 : index
    %c16 = arith.constant 16 : index
    %c32 = arith.constant 32 : index
    metalium.compute_kernel_hw_startup %a, %b -> %acc {reverse} loc(#gemm)
    scf.for %item = %c0 to %count step %c1 {
      metalium.reconfig_data_format %a, %b {reverse} loc(#gemm)
      metalium.pack_reconfig_data_format %acc loc(#gemm)
      metalium.matmul_block_init %a, %b {ct = 2, rt = 2, kt = 1} loc(#gemm)
      metalium.cb_reserve_back %acc, %c16 loc(#gemm)
      scf.for %k = %c0 to %c32 step %c1 {
        metalium.cb_wait_front %a, %c4 loc(#gemm)
        metalium.cb_wait_front %b, %c4 loc(#gemm)
        scf.for %r = %c0 to %c4 step %c2 {
          scf.for %c = %c0 to %c4 step %c2 {
            metalium.tile_regs_acquire loc(#gemm)
            metalium.matmul_block %a, %b, %r, %c, %c0 {ct = 2, rt = 2, kt = 1} loc(#gemm)
            metalium.tile_regs_commit loc(#gemm)
            metalium.tile_regs_wait loc(#gemm)
            scf.for %i = %c0 to %c2 step %c1 {
              %i2 = arith.muli %i, %c2 : index
              %ri = arith.addi %r, %i : index
              %ri4 = arith.muli %ri, %c4 : index
              %first = arith.addi %ri4, %c : index
              scf.for %j = %c0 to %c2 step %c1 {
                %dst = arith.addi %i2, %j : index
                %index = arith.addi %first, %j : index
                metalium.pack_tile %dst, %acc at %index loc(#gemm)
              } loc("j"(#gemm))
            } loc("i"(#gemm))
            metalium.tile_regs_release loc(#gemm)
          } loc("c"(#gemm))
        } loc("r"(#gemm))
        metalium.cb_pop_front %a, %c4 loc(#gemm)
        metalium.cb_pop_front %b, %c4 loc(#gemm)
        %first_k = arith.cmpi eq, %k, %c0 : index
        scf.if %first_k {
          metalium.pack_reconfig_l1_acc {enable} loc(#gemm)
        } loc(#gemm)
      } loc("k"("Inputs/gemm.py":10:13))
      metalium.pack_reconfig_l1_acc loc(#gemm)
      metalium.cb_push_back %acc, %c16 loc(#gemm)
      metalium.reconfig_data_format_srca %acc loc(#copyC)
      metalium.pack_reconfig_data_format %out loc(#copyC)
      metalium.copy_init %acc loc(#copyC)
      metalium.cb_wait_front %acc, %c16 loc(#copyC)
      metalium.cb_reserve_back %out, %c16 loc(#copyC)
      scf.for %t = %c0 to %c16 step %c4 {
        metalium.tile_regs_acquire loc(#copyC)
        scf.for %i = %c0 to %c4 step %c1 {
          %tile = arith.addi %t, %i : index
          metalium.copy_tile %acc, %tile, %i loc(#copyC)
        } loc("i"(#copyC))
        metalium.tile_regs_commit loc(#copyC)
        metalium.tile_regs_wait loc(#copyC)
        metalium.pack_block %c0, %out, %c4 loc(#copyC)
        metalium.tile_regs_release loc(#copyC)
      } loc("t"(#copyC))
      metalium.cb_pop_front %acc, %c16 loc(#copyC)
      metalium.cb_push_back %out, %c16 loc(#copyC)
    } loc("item"("Inputs/gemm.py":5:10))
  }

  metalium.kernel @writer writer args(<[<"C_addr", tensor_address, "C">, <"start", work_start>, <"count", work_count>]>) {
    %C_addr = metalium.arg "C_addr" tensor_address "C"
    %start = metalium.arg "start" work_start
    %count = metalium.arg "count" work_count
    %cb_C = metalium.cb_ref @cb_C
    %C_args = metalium.tensor_accessor_args "C"
    %C = metalium.tensor_accessor %C_args, %C_addr {page_bytes = 2048}
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %c16 = arith.constant 16 : index
    %c32 = arith.constant 32 : index
    %c2048 = arith.constant 2048 : index
    %end = arith.addi %start, %count : index
    scf.for %item = %start to %end step %c1 {
      %bx = arith.remui %item, %c8 : index loc("bx"("Inputs/gemm.py":5:1))
      %by = arith.divui %item, %c8 : index loc("by"("Inputs/gemm.py":5:1))
      metalium.cb_wait_front %cb_C, %c16 loc(#copyC)
      %C_l1 = metalium.get_read_ptr %cb_C loc(#copyC)
      scf.for %r = %c0 to %c4 step %c1 iter_args(%l1 = %C_l1) -> (index) {
        %last = scf.for %c = %c0 to %c4 step %c1 iter_args(%p = %l1) -> (index) {
          %by4 = arith.muli %by, %c4 : index
          %row = arith.addi %by4, %r : index
          %bx4 = arith.muli %bx, %c4 : index
          %col = arith.addi %bx4, %c : index
          %first = arith.muli %row, %c32 : index
          %page = arith.addi %first, %col : index
          metalium.noc_async_write_page %page, %C, %p loc(#copyC)
          %next = arith.addi %p, %c2048 : index
          scf.yield %next : index
        } loc("c"(#copyC))
        scf.yield %last : index
      } loc("r"(#copyC))
      metalium.noc_async_write_barrier loc(#copyC)
      metalium.cb_pop_front %cb_C, %c16 loc(#copyC)
    } loc("item"("Inputs/gemm.py":5:10))
  }
}
