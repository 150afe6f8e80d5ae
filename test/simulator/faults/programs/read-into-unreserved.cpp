// TW8106: a page is read in without room being reserved.
// dram: A 8
// cb: cb_in 0 Float16_b 1
// kernel: ncrisc
// kernel: brisc drains cb_in 2
// expect: NCRISC cb_in
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  for (uint32_t i = 0; i < 2; ++i) {
#ifdef FIXED
    cb_reserve_back(0, 1);
#endif
    const uint64_t page =
        get_noc_addr_from_bank_id<true>(i, get_arg_val<uint32_t>(0));
    noc_async_read(page, get_write_ptr(0), 2048); // <- fault
    noc_async_read_barrier();
    cb_reserve_back(0, 1);
    cb_push_back(0, 1);
  }
}
