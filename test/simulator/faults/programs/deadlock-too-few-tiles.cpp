// TW8501: the compute kernel makes one tile fewer than the writer takes.
// cb: cb_a 0 Float16_b 2
// cb: cb_b 1 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a cb_b
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: BRISC cb_out; PACK
#include "api/compute/common.h"
#include "api/compute/eltwise_binary.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 1, 16);
  add_init(0, 1);
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
#ifdef FIXED
  for (uint32_t i = 0; i < 2; ++i) {
#else
  for (uint32_t i = 0; i < 1; ++i) {
#endif
    cb_reserve_back(16, 1);
    tile_regs_acquire();
    add_tiles(0, 1, i, i, 0);
    tile_regs_commit();
    tile_regs_wait();
    pack_tile(0, 16);
    tile_regs_release();
    cb_push_back(16, 1);
  }
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
}
