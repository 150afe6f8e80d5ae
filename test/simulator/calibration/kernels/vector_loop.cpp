// Sections of eight tiles that are copied to DST and go through one operation
// of the vector unit.
#include "api/compute/compute_kernel_hw_startup.h"
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/gelu.h"
#include "api/compute/eltwise_unary/sigmoid.h"
#include "api/compute/eltwise_unary/tanh.h"
#include "api/compute/pack.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  const uint32_t sections = get_arg_val<uint32_t>(0);
  compute_kernel_hw_startup(0, 0, 16);
  copy_tile_init(0);
  OPERATION_INIT();
  cb_wait_front(0, 8);
  cb_reserve_back(16, 8);
  for (uint32_t i = 0; i < sections; ++i) {
    tile_regs_acquire();
    for (uint32_t tile = 0; tile < 8; ++tile) {
      copy_tile(0, tile, tile);
      OPERATION(tile);
    }
    tile_regs_commit();
    tile_regs_wait();
    for (uint32_t tile = 0; tile < 8; ++tile)
      pack_tile<true>(tile, 16, tile);
    tile_regs_release();
  }
  cb_push_back(16, 8);
  cb_wait_front(16, 8);
  cb_pop_front(16, 8);
  cb_pop_front(0, 8);
}
