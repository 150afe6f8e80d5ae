// TW8209: reduce_tile without reduce_init.
// cb: cb_a 0 Float16_b 2
// cb: cb_b 1 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a cb_b
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: UNPACK reduce_tile runs before any init
#include "api/compute/common.h"
#include "api/compute/reduce.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 1, 16);
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
  cb_reserve_back(16, 2);
#ifdef FIXED
  reduce_init<PoolType::SUM, ReduceDim::REDUCE_ROW>(0, 1, 16);
#endif
  tile_regs_acquire();
  reduce_tile<PoolType::SUM, ReduceDim::REDUCE_ROW>(0, 1, 0, 0, 0); // <- fault
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
  cb_push_back(16, 2);
}
