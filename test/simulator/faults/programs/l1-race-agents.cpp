// TW8309: two kernels of a core share a word without a circular buffer.
// cb: cb_go 0 Float16_b 1
// kernel: ncrisc
// kernel: brisc
// expect: * nothing orders this
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  tt_l1_ptr uint32_t *word = (tt_l1_ptr uint32_t *)0x50000;
#ifdef COMPILE_FOR_NCRISC
  *word = 7; // <- fault
#ifdef FIXED
  cb_reserve_back(0, 1);
  cb_push_back(0, 1);
#endif
#else
#ifdef FIXED
  cb_wait_front(0, 1);
  cb_pop_front(0, 1);
#endif
  word[8] = *word; // <- fault
#endif
}
