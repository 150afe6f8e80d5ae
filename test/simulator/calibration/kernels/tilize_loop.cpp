// Rows of eight tiles' width that the unpacker turns into tiles.
#include "api/compute/compute_kernel_hw_startup.h"
#include "api/compute/tilize.h"

void kernel_main() {
  const uint32_t sections = get_arg_val<uint32_t>(0);
  compute_kernel_hw_startup(0, 0, 16);
  tilize_init(0, 8, 16);
  cb_wait_front(0, 8);
  cb_reserve_back(16, 8);
  for (uint32_t i = 0; i < sections; ++i)
    tilize_block(0, 8, 16);
  cb_push_back(16, 8);
  cb_wait_front(16, 8);
  cb_pop_front(16, 8);
  cb_pop_front(0, 8);
}
