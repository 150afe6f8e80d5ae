// TW8209: transpose_dest without its init.
// cb: cb_a 0 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: MATH transpose_dest runs after the init of copy_tile
#include "api/compute/common.h"
#include "api/compute/tile_move_copy.h"
#include "api/compute/transpose_dest.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 16);
  copy_init(0);
  cb_wait_front(0, 2);
  cb_reserve_back(16, 2);
  tile_regs_acquire();
  copy_tile(0, 0, 0);
#ifdef FIXED
  transpose_dest_init();
#endif
  transpose_dest(0); // <- fault
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_pop_front(0, 2);
  cb_push_back(16, 2);
}
