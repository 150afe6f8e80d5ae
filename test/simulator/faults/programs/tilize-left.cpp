// TW8211: tiles are copied while the unpacker still tilizes.
// cb: cb_a 0 Float16_b 2
// cb: cb_b 1 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a cb_b
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: UNPACK tilizes
#include "api/compute/common.h"
#include "api/compute/tile_move_copy.h"
#include "api/compute/tilize.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 16);
  tilize_init(0, 1, 16);
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
  cb_reserve_back(16, 2);
  tilize_block(0, 1, 16);
#ifdef FIXED
  tilize_uninit(0, 16);
#endif
  copy_init(1);
  tile_regs_acquire();
  copy_tile(1, 1, 0); // <- fault
  tile_regs_commit();
  tile_regs_wait();
  pack_tile<true>(0, 16, 1);
  tile_regs_release();
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
  cb_push_back(16, 2);
}
