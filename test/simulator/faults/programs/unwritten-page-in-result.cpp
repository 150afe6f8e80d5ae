// TW8109: one page of two is not read in, and its tile is written out.
// cb: cb_in 0 Float16_b 2
// cb: cb_out 16 Float16_b 2
// dram: A 16
// kernel: ncrisc
// kernel: compute
// kernel: brisc
// expect: BRISC infinities of cb_out; page 1 of cb_in, which is read at unwritten-page-in-result.cpp:33 on core 0,0
#ifdef COMPILE_FOR_NCRISC
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t tiles =
      get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0));
  cb_reserve_back(0, 2);
  noc_async_read(tiles, get_write_ptr(0), 2048);
#ifdef FIXED
  noc_async_read(tiles, get_write_ptr(0) + 2048, 2048);
#endif
  noc_async_read_barrier();
  cb_push_back(0, 2);
}
#elif !defined(COMPILE_FOR_BRISC)
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  init_sfpu(0, 16);
  cb_wait_front(0, 2);
  cb_reserve_back(16, 2);
  for (uint32_t i = 0; i < 2; ++i) {
    tile_regs_acquire();
    copy_tile(0, i, 0);
    tile_regs_commit();
    tile_regs_wait();
    pack_tile(0, 16);
    tile_regs_release();
  }
  cb_push_back(16, 2);
  cb_pop_front(0, 2);
}
#else
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t tiles =
      get_noc_addr_from_bank_id<true>(1, get_arg_val<uint32_t>(0));
  cb_wait_front(16, 2);
  noc_async_write(get_read_ptr(16), tiles, 4096); // <- fault
  noc_async_write_barrier();
  cb_pop_front(16, 2);
}
#endif
