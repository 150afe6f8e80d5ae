// TW8201: the packer packs a section that it has released.
// cb: cb_a 0 Float16_b 2
// cb: cb_b 1 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a cb_b
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: PACK tile_regs_release
#include "api/compute/common.h"
#include "api/compute/eltwise_binary.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 1, 16);
  add_init(0, 1);
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
  cb_reserve_back(16, 2);
  tile_regs_acquire();
  add_tiles(0, 1, 0, 0, 0);
  add_tiles(0, 1, 1, 1, 1);
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, 16);
#ifndef FIXED
  tile_regs_release();
#endif
  pack_tile(1, 16); // <- fault
#ifdef FIXED
  tile_regs_release();
#endif
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
  cb_push_back(16, 2);
}
