// Compute of `add`: C = A + B, a block of 1x2 tiles at a time.

#include <cstdint>

#include "api/compute/compute_kernel_hw_startup.h"
#include "api/compute/eltwise_binary.h"
#include "api/compute/pack.h"

void kernel_main() {
  const uint32_t count = get_arg_val<uint32_t>(0);
  constexpr uint32_t cb_A_shared = tt::CBIndex::c_0;
  constexpr uint32_t cb_B_shared = tt::CBIndex::c_1;
  constexpr uint32_t cb_C = tt::CBIndex::c_16;
  compute_kernel_hw_startup(cb_A_shared, cb_B_shared, cb_C);
  add_init(cb_A_shared, cb_B_shared);
  for (uint32_t item = 0; item < count; ++item) {
    // add.py:16: C_local[i, j] = A_shared[i, j] + B_shared[i, j]
    cb_wait_front(cb_A_shared, 2);
    cb_wait_front(cb_B_shared, 2);
    cb_reserve_back(cb_C, 2);
    tile_regs_acquire();
    for (uint32_t t = 0; t < 2; ++t)
      add_tiles(cb_A_shared, cb_B_shared, t, t, t);
    tile_regs_commit();
    tile_regs_wait();
    for (uint32_t t = 0; t < 2; ++t)
      pack_tile(t, cb_C);
    tile_regs_release();
    cb_pop_front(cb_A_shared, 2);
    cb_pop_front(cb_B_shared, 2);
    cb_push_back(cb_C, 2);
  }
}
