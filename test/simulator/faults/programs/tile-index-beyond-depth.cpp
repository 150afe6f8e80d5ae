// TW8106: a tile index beyond the whole buffer.
// cb: cb_a 0 Float16_b 2
// cb: cb_b 1 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a cb_b
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: UNPACK tile 2 of cb_b
#include "api/compute/common.h"
#include "api/compute/eltwise_binary.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 1, 16);
  add_init(0, 1);
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
  cb_reserve_back(16, 2);
  tile_regs_acquire();
#ifdef FIXED
  add_tiles(0, 1, 0, 1, 0);
#else
  add_tiles(0, 1, 0, 2, 0); // <- fault
#endif
  add_tiles(0, 1, 1, 1, 1);
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, 16);
  pack_tile(1, 16);
  tile_regs_release();
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
  cb_push_back(16, 2);
}
