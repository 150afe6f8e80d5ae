// TW8601: a page that stays for good belongs to a buffer declared as scratch.
// cb: cb_table 0 Float16_b 1
// kernel: ncrisc
// expect: warning cb_table
#include "api/dataflow/dataflow_api.h"

// For builds against the vendor's SDK.
#ifndef TILEWRIGHT_SCRATCH_CB
#define TILEWRIGHT_SCRATCH_CB(cb)
#endif

void kernel_main() {
#ifdef FIXED
  TILEWRIGHT_SCRATCH_CB(0);
#endif
  cb_reserve_back(0, 1);
  cb_push_back(0, 1); // <- fault
  cb_wait_front(0, 1);
}
