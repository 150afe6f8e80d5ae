// TW8108: the second launch finds a page that the first one left.
// cb: cb_in 0 Float16_b 4
// kernel: ncrisc
// launches: 2
// expect: launch cb_in
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  cb_reserve_back(0, 1);
  cb_push_back(0, 1);
  cb_wait_front(0, 1);
#ifdef FIXED
  cb_pop_front(0, 1);
#endif
}
