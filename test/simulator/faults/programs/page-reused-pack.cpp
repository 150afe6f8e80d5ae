// TW8308: a page is given back while a write still reads it, and packed again.
// dram: A 8
// cb: cb_in 0 Float16_b 2
// cb: cb_out 16 Float16_b 1
// kernel: ncrisc fills cb_in
// kernel: compute
// kernel: brisc
// expect: PACK page 0 of cb_out; BRISC issues the write
#ifdef COMPILE_FOR_BRISC
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t tiles =
      get_noc_addr_from_bank_id<true>(1, get_arg_val<uint32_t>(0));
  for (uint32_t i = 0; i < 2; ++i) {
    cb_wait_front(16, 1);
    noc_async_write(get_read_ptr(16), tiles, 2048);
#ifdef FIXED
    noc_async_writes_flushed();
#endif
    cb_pop_front(16, 1);
  }
  noc_async_write_barrier();
}
#else
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  init_sfpu(0, 16);
  for (uint32_t i = 0; i < 2; ++i) {
    cb_wait_front(0, 1);
    cb_reserve_back(16, 1);
    tile_regs_acquire();
    copy_tile(0, 0, 0);
    tile_regs_commit();
    tile_regs_wait();
    pack_tile(0, 16); // <- fault
    tile_regs_release();
    cb_push_back(16, 1);
    cb_pop_front(0, 1);
  }
}
#endif
