// TW8209: a transpose with the settings of a copy.
// cb: cb_a 0 Float16_b 2
// cb: cb_b 1 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a cb_b
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: * transpose
#include "api/compute/common.h"
#include "api/compute/tile_move_copy.h"
#include "api/compute/transpose_wh.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 16);
#ifdef FIXED
  transpose_wh_init_short(0);
#else
  copy_init(0);
#endif
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
  cb_reserve_back(16, 2);
  tile_regs_acquire();
  transpose_wh_tile(0, 0, 0); // <- fault
  transpose_wh_tile(0, 1, 1);
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, 16);
  pack_tile(1, 16);
  tile_regs_release();
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
  cb_push_back(16, 2);
}
