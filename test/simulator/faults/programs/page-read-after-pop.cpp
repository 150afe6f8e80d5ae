// TW8309: a page is looked at after it has been given back.
// cb: cb_in 0 Float16_b 1
// kernel: ncrisc
// kernel: brisc
// expect: * nothing orders this
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef COMPILE_FOR_NCRISC
  for (uint32_t i = 0; i < 2; ++i) {
    cb_reserve_back(0, 1);
    *(tt_l1_ptr uint32_t *)get_write_ptr(0) = i; // <- fault
    cb_push_back(0, 1);
  }
#else
  for (uint32_t i = 0; i < 2; ++i) {
    cb_wait_front(0, 1);
    auto *page = (tt_l1_ptr uint32_t *)get_read_ptr(0);
#ifdef FIXED
    *(tt_l1_ptr uint32_t *)0x60000 = *page;
    cb_pop_front(0, 1);
#else
    cb_pop_front(0, 1);
    *(tt_l1_ptr uint32_t *)0x60000 = *page; // <- fault
#endif
  }
#endif
}
