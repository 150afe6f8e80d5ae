// Sections of rows x cols output tiles with `inner` K steps, over tiles that
// stay in L1, as the loops that the compute library is measured with.
#include "api/compute/compute_kernel_hw_startup.h"
#include "api/compute/matmul.h"
#include "api/compute/pack.h"

void kernel_main() {
  const uint32_t rows = get_arg_val<uint32_t>(0);
  const uint32_t cols = get_arg_val<uint32_t>(1);
  const uint32_t inner = get_arg_val<uint32_t>(2);
  const uint32_t sections = get_arg_val<uint32_t>(3);
  compute_kernel_hw_startup<SrcOrder::Reverse>(0, 1, 16);
  matmul_block_init(0, 1, 0, cols, rows, inner);
  cb_wait_front(0, rows * inner);
  cb_wait_front(1, inner * cols);
  cb_reserve_back(16, rows * cols);
  for (uint32_t i = 0; i < sections; ++i) {
    tile_regs_acquire();
    for (uint32_t k = 0; k < inner; ++k)
      matmul_block(0, 1, k, k * cols, 0, 0, cols, rows, inner);
    tile_regs_commit();
    tile_regs_wait();
    for (uint32_t tile = 0; tile < rows * cols; ++tile)
      pack_tile<true>(tile, 16, tile);
    tile_regs_release();
  }
  cb_push_back(16, rows * cols);
  cb_wait_front(16, rows * cols);
  cb_pop_front(16, rows * cols);
  cb_pop_front(0, rows * inner);
  cb_pop_front(1, inner * cols);
}
