// TW8109: the packer adds the first block to what L1 held before.
// cb: cb_in 0 Float16_b 2
// cb: cb_out 16 Float32 1
// compute: fp32
// kernel: ncrisc fills cb_in
// kernel: compute
// kernel: brisc drains cb_out 1
// expect: PACK page 0 of cb_out is accumulated to in L1
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/pack.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  unary_op_init_common(0, 16);
  cb_wait_front(0, 2);
  cb_reserve_back(16, 1);
#ifndef FIXED
  pack_reconfig_l1_acc(1);
#endif
  for (uint32_t block = 0; block < 2; ++block) {
    tile_regs_acquire();
    copy_tile(0, block, 0);
    tile_regs_commit();
    tile_regs_wait();
    pack_tile<true>(0, 16, 0); // <- fault
    tile_regs_release();
    pack_reconfig_l1_acc(1);
  }
  cb_push_back(16, 1);
  cb_pop_front(0, 2);
}
