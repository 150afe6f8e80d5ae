// TW8105: blocks of 3 pages run over the end of a buffer of 4.
// cb: cb_in 0 Float16_b 4
// kernel: ncrisc
// expect: NCRISC from page 3 of cb_in
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t block = 2;
#else
  constexpr uint32_t block = 3;
#endif
  for (uint32_t i = 0; i < 2; ++i) {
    cb_reserve_back(0, block);
    cb_push_back(0, block); // <- fault
    cb_wait_front(0, block);
    cb_pop_front(0, block);
  }
}
