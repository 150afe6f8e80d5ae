// TW8209: reduce_tile of columns after the init for rows.
// cb: cb_a 0 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: MATH another pool or dimension
#include "api/compute/common.h"
#include "api/compute/reduce.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 0, 16);
#ifdef FIXED
  constexpr ReduceDim dim = ReduceDim::REDUCE_ROW;
#else
  constexpr ReduceDim dim = ReduceDim::REDUCE_COL;
#endif
  reduce_init<PoolType::SUM, ReduceDim::REDUCE_ROW>(0, 0, 16);
  cb_wait_front(0, 2);
  cb_reserve_back(16, 2);
  tile_regs_acquire();
  reduce_tile<PoolType::SUM, dim>(0, 0, 0, 1, 0); // <- fault
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  reduce_uninit();
  cb_pop_front(0, 2);
  cb_push_back(16, 2);
}
