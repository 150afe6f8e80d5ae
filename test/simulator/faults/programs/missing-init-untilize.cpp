// TW8209: untilize_block after the init of copies.
// cb: cb_a 0 Float16_b 2
// cb: cb_out 16 Float16_b 2
// kernel: ncrisc fills cb_a
// kernel: compute
// kernel: brisc drains cb_out 2
// expect: UNPACK untilize_block runs without its init
#include "api/compute/common.h"
#include "api/compute/tile_move_copy.h"
#include "api/compute/untilize.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 16);
  copy_init(0);
  cb_wait_front(0, 2);
  cb_reserve_back(16, 2);
#ifdef FIXED
  untilize_init(0);
#endif
  untilize_block(0, 2, 16); // <- fault
  cb_pop_front(0, 2);
  cb_push_back(16, 2);
}
