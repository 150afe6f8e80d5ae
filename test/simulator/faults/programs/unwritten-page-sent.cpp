// TW8109: a page is sent that nothing has been written to.
// cb: cb_page 0 Float16_b 1
// dram: output 1
// kernel: ncrisc
// expect: NCRISC page 0 of cb_page is sent; nothing has been written
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t page =
      get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0));
  for (uint32_t lap = 0; lap < 2; ++lap) {
    cb_reserve_back(0, 1);
#ifdef FIXED
    if (lap == 0)
      // One word of a page is enough: the rest may be padding.
      *reinterpret_cast<uint32_t *>(get_write_ptr(0) + 1024) = lap;
#endif
    cb_push_back(0, 1);
    cb_wait_front(0, 1);
    noc_async_write(get_read_ptr(0), page, 2048); // <- fault
    noc_async_write_barrier();
    cb_pop_front(0, 1);
  }
}
