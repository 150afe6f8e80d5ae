// TW8209: a wide block after the init for a tall one.
// cb: cb_a 0 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: MATH ct >= rt after an init with ct < rt
#include "api/compute/common.h"
#include "api/compute/matmul.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t ct = 2, rt = 1;
#else
  constexpr uint32_t ct = 1, rt = 2;
#endif
  mm_block_init(0, 0, 16, 0, ct, rt, 1);
  cb_wait_front(0, 2);
  cb_reserve_back(16, 2);
  tile_regs_acquire();
  matmul_block(0, 0, 0, 0, 0, 0, 2, 1, 1); // <- fault
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_pop_front(0, 2);
  cb_push_back(16, 2);
}
