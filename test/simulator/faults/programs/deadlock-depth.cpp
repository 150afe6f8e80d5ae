// TW8501: one buffer is filled before the other, both are read.
// cb: cb_a 0 Float16_b 2
// cb: cb_b 1 Float16_b 2
// kernel: ncrisc
// kernel: brisc
// expect: * room for 1 page in cb_a; cycle:
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef COMPILE_FOR_NCRISC
  for (uint32_t i = 0; i < 8; ++i) {
#ifdef FIXED
    const uint32_t cb = i % 2;
#else
    const uint32_t cb = i / 4; // four pages of cb_a first, but it has two
#endif
    cb_reserve_back(cb, 1); // <- fault
    cb_push_back(cb, 1);
  }
#else
  for (uint32_t i = 0; i < 4; ++i) {
    cb_wait_front(0, 1);
    cb_wait_front(1, 1); // <- fault
    cb_pop_front(0, 1);
    cb_pop_front(1, 1);
  }
#endif
}
