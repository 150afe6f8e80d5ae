// TW8106: a matmul block reads more tiles than were waited for.
// cb: cb_a 0 Float16_b 2
// cb: cb_b 1 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a cb_b
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: UNPACK cb_b
#include "api/compute/common.h"
#include "api/compute/matmul.h"

void kernel_main() {
  compute_kernel_hw_startup<SrcOrder::Reverse>(0, 1, 16);
  matmul_block_init(0, 1, 0, 2, 1, 1);
  cb_wait_front(0, 2);
#ifdef FIXED
  cb_wait_front(1, 2);
#else
  cb_wait_front(1, 1);
#endif
  cb_reserve_back(16, 2);
  tile_regs_acquire();
  matmul_block(0, 1, 0, 0, 0, false, 2, 1, 1); // <- fault
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, 16);
  pack_tile(1, 16);
  tile_regs_release();
  cb_wait_front(1, 2);
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
  cb_push_back(16, 2);
}
