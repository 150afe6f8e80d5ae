// TW8308: a page is given back while a write still reads it.
// dram: A 8
// cb: cb_in 0 Float16_b 1
// kernel: ncrisc
// kernel: brisc
// expect: NCRISC page 0 of cb_in
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t address = get_arg_val<uint32_t>(0);
  const uint64_t page = get_noc_addr_from_bank_id<true>(0, address);
  const uint64_t other = get_noc_addr_from_bank_id<true>(1, address);
  for (uint32_t i = 0; i < 2; ++i) {
#ifdef COMPILE_FOR_NCRISC
    cb_reserve_back(0, 1);
    noc_async_read(page, get_write_ptr(0), 2048); // <- fault
    noc_async_read_barrier();
    cb_push_back(0, 1);
#else
    cb_wait_front(0, 1);
    noc_async_write(get_read_ptr(0), other, 2048);
#ifdef FIXED
    noc_async_writes_flushed();
#endif
    cb_pop_front(0, 1);
#endif
  }
  noc_async_write_barrier();
}
