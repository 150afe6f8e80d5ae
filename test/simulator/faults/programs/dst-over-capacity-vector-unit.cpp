// TW8202: the vector unit works on tile 8 of 8.
// cb: cb_a 0 Float16_b 2
// cb: cb_b 1 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a cb_b
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: * DST tile 8
#include "api/compute/common.h"
#include "api/compute/eltwise_binary.h"
#include "api/compute/eltwise_unary/exp.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 1, 16);
  add_init(0, 1);
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
  cb_reserve_back(16, 2);
  exp_tile_init();
#ifdef FIXED
  constexpr uint32_t tile = 0;
#else
  constexpr uint32_t tile = 8;
#endif
  tile_regs_acquire();
  add_tiles(0, 1, 0, 0, 0);
  add_tiles(0, 1, 1, 1, 1);
  exp_tile(tile); // <- fault
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, 16);
  pack_tile(1, 16);
  tile_regs_release();
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
  cb_push_back(16, 2);
}
