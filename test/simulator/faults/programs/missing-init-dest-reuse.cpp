// TW8209: DST in SrcB after an init for DST in SrcA.
// cb: cb_a 0 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: MATH DST in SrcB after an init with DST in SrcA
#include "api/compute/common.h"
#include "api/compute/eltwise_binary.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  constexpr auto in_a = EltwiseBinaryReuseDestType::DEST_TO_SRCA;
#ifdef FIXED
  constexpr auto used = in_a;
#else
  constexpr auto used = EltwiseBinaryReuseDestType::DEST_TO_SRCB;
#endif
  compute_kernel_hw_startup(0, 16);
  copy_init(0);
  cb_wait_front(0, 2);
  cb_reserve_back(16, 2);
  tile_regs_acquire();
  copy_tile(0, 0, 0);
  binary_dest_reuse_tiles_init<ELWSUB, in_a>(0);
  binary_dest_reuse_tiles<ELWSUB, used>(0, 1, 0); // <- fault
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_pop_front(0, 2);
  cb_push_back(16, 2);
}
