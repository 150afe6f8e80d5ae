// TW8501: a kernel looks for a page again and again that never comes.
// cb: cb_a 0 Float16_b 2
// semaphore: 0
// kernel: ncrisc
// kernel: brisc
// expect: BRISC polls cb_a and nothing is left that could change it; NCRISC at
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef COMPILE_FOR_NCRISC
  cb_reserve_back(0, 1);
  *(tt_l1_ptr uint32_t *)get_write_ptr(0) = 0;
#ifndef FIXED
  noc_semaphore_wait((volatile tt_l1_ptr uint32_t *)get_semaphore(0), 1);
#endif
  cb_push_back(0, 1);
#else
  while (!cb_pages_available_at_front(0, 1)) // <- fault
    riscv_wait(10);
  cb_wait_front(0, 1);
  cb_pop_front(0, 1);
#endif
}
