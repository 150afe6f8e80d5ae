// TW8309: a page is looked at before it has been waited for.
// cb: cb_in 0 Float16_b 2
// kernel: ncrisc
// kernel: brisc
// expect: * nothing orders this
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef COMPILE_FOR_NCRISC
  cb_reserve_back(0, 1);
  *(tt_l1_ptr uint32_t *)get_write_ptr(0) = 1; // <- fault
  cb_push_back(0, 1);
#else
#ifdef FIXED
  cb_wait_front(0, 1);
#endif
  const uint32_t first = *(tt_l1_ptr uint32_t *)get_read_ptr(0); // <- fault
  cb_wait_front(0, 1);
  *(tt_l1_ptr uint32_t *)0x60000 = first;
  cb_pop_front(0, 1);
#endif
}
