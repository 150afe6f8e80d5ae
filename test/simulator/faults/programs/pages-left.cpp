// TW8601: two pages are pushed, one is popped.
// cb: cb_in 0 Float16_b 4
// kernel: ncrisc
// expect: warning 1 page in it
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  cb_reserve_back(0, 2);
  cb_push_back(0, 2); // <- fault
  cb_wait_front(0, 2);
#ifdef FIXED
  cb_pop_front(0, 2);
#else
  cb_pop_front(0, 1);
#endif
}
