// TW8106: a volatile store lies behind the page that is reserved.
// cb: cb_in 0 Float16_b 2
// cb: cb_next 1 Float16_b 2
// kernel: ncrisc
// kernel: brisc drains cb_in 1
// expect: NCRISC page 1 of cb_in
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  cb_reserve_back(0, 1);
  auto *page = (volatile tt_l1_ptr uint32_t *)get_write_ptr(0);
#ifdef FIXED
  constexpr uint32_t words = 512;
#else
  constexpr uint32_t words = 1028;
#endif
  for (uint32_t i = 0; i < words; ++i)
    page[i] = 0; // <- fault
  cb_push_back(0, 1);
}
