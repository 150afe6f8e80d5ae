// TW8202: a product into tile 8 of 8.
// cb: cb_a 0 Float16_b 2
// cb: cb_b 1 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a cb_b
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: * DST tile 8
#include "api/compute/common.h"
#include "api/compute/matmul.h"

void kernel_main() {
  compute_kernel_hw_startup<SrcOrder::Reverse>(0, 1, 16);
  matmul_init(0, 1);
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
  cb_reserve_back(16, 2);
#ifdef FIXED
  constexpr uint32_t tile = 7;
#else
  constexpr uint32_t tile = 8;
#endif
  tile_regs_acquire();
  matmul_tiles(0, 1, 0, 0, tile); // <- fault
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(tile, 16); // <- fault
  pack_tile(tile, 16);
  tile_regs_release();
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
  cb_push_back(16, 2);
}
