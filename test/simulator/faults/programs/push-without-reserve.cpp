// TW8102: two pages are pushed, one was reserved.
// cb: cb_in 0 Float16_b 4
// kernel: ncrisc
// kernel: brisc drains cb_in 2
// expect: NCRISC cb_in
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  cb_reserve_back(0, 2);
#else
  cb_reserve_back(0, 1);
#endif
  cb_push_back(0, 2); // <- fault
}
