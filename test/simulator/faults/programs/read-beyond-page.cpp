// TW8106: two pages are read in where one is reserved.
// dram: A 24
// cb: cb_in 0 Float16_b 1
// cb: cb_other 1 Float16_b 1
// kernel: ncrisc
// kernel: brisc drains cb_in 1
// expect: NCRISC 4096 bytes are read to cb_in; room for 2048; 1 page of 2048 bytes is reserved
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t page =
      get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0));
#ifdef FIXED
  constexpr uint32_t bytes = 2048;
#else
  constexpr uint32_t bytes = 4096;
#endif
  cb_reserve_back(0, 1);
  noc_async_read(page, get_write_ptr(0), bytes); // <- fault
  noc_async_read_barrier();
  cb_push_back(0, 1);
}
