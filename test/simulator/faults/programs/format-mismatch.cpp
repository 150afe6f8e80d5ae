// TW8204: fp32 tiles are unpacked with the settings for bfloat16.
// cb: cb_a 0 Float16_b 2
// cb: cb_b 1 Float16_b 2
// cb: cb_wide 2 Float32 1
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a cb_b cb_wide
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: UNPACK cb_wide holds Float32
#include "api/compute/common.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 1, 16);
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
  cb_reserve_back(16, 2);
#ifdef FIXED
  reconfig_data_format_srca(2);
#endif
  copy_init(2);
  cb_wait_front(2, 1);
  tile_regs_acquire();
  copy_tile(2, 0, 0); // <- fault
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_pop_front(2, 1);
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
  cb_push_back(16, 2);
}
