// TW8501: each kernel waits for the other one's first page.
// cb: cb_there 0 Float16_b 2
// cb: cb_back 1 Float16_b 2
// kernel: ncrisc
// kernel: brisc
// expect: * cycle: core 0,0 ; no agent has pushed yet
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef COMPILE_FOR_NCRISC
#ifdef FIXED
  cb_reserve_back(0, 1);
  cb_push_back(0, 1);
  cb_wait_front(1, 1);
#else
  cb_wait_front(1, 1); // <- fault
  cb_reserve_back(0, 1);
  cb_push_back(0, 1);
#endif
  cb_pop_front(1, 1);
#else
  cb_wait_front(0, 1); // <- fault
  cb_reserve_back(1, 1);
  cb_push_back(1, 1);
  cb_pop_front(0, 1);
#endif
}
