// TW8103: a page is popped that was not waited for.
// cb: cb_in 0 Float16_b 4
// kernel: ncrisc
// expect: NCRISC cb_in
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  cb_reserve_back(0, 2);
  cb_push_back(0, 2);
#ifdef FIXED
  cb_wait_front(0, 2);
#else
  cb_wait_front(0, 1);
#endif
  cb_pop_front(0, 2); // <- fault
}
