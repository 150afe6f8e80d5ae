// TW8209: exp_tile after the init of another function.
// cb: cb_a 0 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: MATH exp_tile runs after the init of recip_tile; the last init of
#include "api/compute/common.h"
#include "api/compute/eltwise_unary/exp.h"
#include "api/compute/eltwise_unary/recip.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 16);
  copy_init(0);
  cb_wait_front(0, 2);
  cb_reserve_back(16, 2);
  tile_regs_acquire();
  copy_tile(0, 0, 0);
  exp_tile_init();
  exp_tile(0);
  recip_tile_init();
#ifdef FIXED
  exp_tile_init();
#endif
  exp_tile(0); // <- fault
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_pop_front(0, 2);
  cb_push_back(16, 2);
}
