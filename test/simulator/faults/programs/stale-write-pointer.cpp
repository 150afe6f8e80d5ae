// TW8106: the pointer of the first page is used for all of them.
// dram: A 8
// cb: cb_in 0 Float16_b 2
// kernel: ncrisc
// kernel: brisc
// expect: NCRISC page 0 of cb_in; 1 page is reserved, from page 1 on
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t page =
      get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0));
#ifdef COMPILE_FOR_NCRISC
  uint32_t l1 = get_write_ptr(0);
  for (uint32_t i = 0; i < 4; ++i) {
    cb_reserve_back(0, 1);
#ifdef FIXED
    l1 = get_write_ptr(0);
#endif
    noc_async_read(page, l1, 2048); // <- fault
    noc_async_read_barrier();
    cb_push_back(0, 1);
  }
#else
  (void)page;
  uint32_t sum = 0;
  for (uint32_t i = 0; i < 4; ++i) {
    cb_wait_front(0, 1);
    sum += *(tt_l1_ptr uint32_t *)get_read_ptr(0); // <- fault
    cb_pop_front(0, 1);
  }
  *(tt_l1_ptr uint32_t *)0x60000 = sum;
#endif
}
