// TW8109: pages are pushed that nothing has been read into.
// cb: cb_in 0 Float16_b 4
// cb: cb_out 16 Float16_b 4
// dram: input 1
// kernel: ncrisc
// kernel: compute
// kernel: brisc drains cb_out 4
// expect: UNPACK page 0 of cb_in is read; nothing has been written
#ifdef COMPILE_FOR_NCRISC
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t tile =
      get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0));
  for (uint32_t block = 0; block < 2; ++block) {
    cb_reserve_back(0, 2);
#ifdef FIXED
    // The second block, and the second page of the first, are padding, which
    // may hold anything.
    if (block == 0)
      noc_async_read(tile, get_write_ptr(0), 2048);
#endif
    (void)tile;
    noc_async_read_barrier();
    cb_push_back(0, 2);
  }
}
#else
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  init_sfpu(0, 16);
  for (uint32_t i = 0; i < 4; ++i) {
    cb_wait_front(0, i + 1);
    cb_reserve_back(16, 1);
    tile_regs_acquire();
    copy_tile(0, i, 0); // <- fault
    tile_regs_commit();
    tile_regs_wait();
    pack_tile(0, 16);
    tile_regs_release();
    cb_push_back(16, 1);
  }
  cb_pop_front(0, 4);
}
#endif
