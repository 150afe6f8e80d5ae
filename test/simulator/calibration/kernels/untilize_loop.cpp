// Sections of eight tiles that the packer writes as row-major rows.
#include "api/compute/compute_kernel_hw_startup.h"
#include "api/compute/pack_untilize.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  const uint32_t sections = get_arg_val<uint32_t>(0);
  compute_kernel_hw_startup(0, 0, 16);
  pack_untilize_init<8>(0, 16);
  cb_wait_front(0, 8);
  cb_reserve_back(16, 8);
  for (uint32_t i = 0; i < sections; ++i)
    pack_untilize_block<8>(0, 1, 16);
  cb_push_back(16, 8);
  cb_wait_front(16, 8);
  cb_pop_front(16, 8);
  cb_pop_front(0, 8);
}
