// TW8211: tiles are packed while the packer still untilizes.
// cb: cb_a 0 Float16_b 2
// cb: cb_b 1 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a cb_b
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: PACK untilizes
#include "api/compute/common.h"
#include "api/compute/pack_untilize.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 16);
  copy_init(0);
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
  pack_untilize_init<1>(0, 16);
  cb_reserve_back(16, 2);
  pack_untilize_block<1>(0, 1, 16);
#ifdef FIXED
  pack_untilize_uninit(16);
#endif
  copy_init(0);
  tile_regs_acquire();
  copy_tile(0, 1, 0);
  tile_regs_commit();
  tile_regs_wait();
  pack_tile<true>(0, 16, 1); // <- fault
  tile_regs_release();
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
  cb_push_back(16, 2);
}
