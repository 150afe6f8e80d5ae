// TW8106: a page is given back and then sent.
// cb: cb_page 0 Float16_b 2
// dram: buffer 1
// kernel: ncrisc fills cb_page
// kernel: brisc
// expect: BRISC cb_page; popped
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t target =
      get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0));
#ifdef FIXED
  cb_wait_front(0, 2);
  noc_async_write(get_read_ptr(0), target, 2048);
  noc_async_write_barrier();
  cb_pop_front(0, 2);
#else
  cb_wait_front(0, 2);
  cb_pop_front(0, 2);
  noc_async_write(get_read_ptr(0), target, 2048); // <- fault
  noc_async_write_barrier();
#endif
}
