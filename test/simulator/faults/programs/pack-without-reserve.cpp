// TW8106: a second tile is packed into the room of one.
// cb: cb_a 0 Float16_b 2
// cb: cb_b 1 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a cb_b
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: PACK cb_out; 1 are reserved
#include "api/compute/common.h"
#include "api/compute/eltwise_binary.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 1, 16);
  add_init(0, 1);
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
#ifdef FIXED
  cb_reserve_back(16, 2);
#else
  cb_reserve_back(16, 1);
#endif
  tile_regs_acquire();
  add_tiles(0, 1, 0, 0, 0);
  add_tiles(0, 1, 1, 1, 1);
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, 16);
  pack_tile(1, 16); // <- fault
  tile_regs_release();
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
  cb_push_back(16, 2);
}
