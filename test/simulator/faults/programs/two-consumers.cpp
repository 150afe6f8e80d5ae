// TW8107: two kernels pop from one buffer.
// cb: cb_in 0 Float16_b 4
// kernel: ncrisc
// kernel: brisc
// expect: * popped by
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef COMPILE_FOR_NCRISC
  cb_reserve_back(0, 4);
  cb_push_back(0, 4);
#ifndef FIXED
  cb_wait_front(0, 1);
  cb_pop_front(0, 1); // <- fault
#endif
#else
#ifdef FIXED
  cb_wait_front(0, 4);
  cb_pop_front(0, 4);
#else
  cb_wait_front(0, 1);
  cb_pop_front(0, 1); // <- fault
#endif
#endif
}
