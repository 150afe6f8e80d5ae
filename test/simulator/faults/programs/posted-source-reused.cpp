// TW8308: a barrier does not wait for writes that nobody acknowledges.
// dram: A 8
// kernel: brisc
// expect: BRISC is overwritten while a NoC write still reads it
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t page =
      get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0));
  *(tt_l1_ptr uint32_t *)0x40000 = 1;
  noc_async_write<NOC_MAX_BURST_SIZE, true, /*posted=*/true>(0x40000, page, 64);
#ifdef FIXED
  noc_async_posted_writes_flushed();
#else
  noc_async_write_barrier();
#endif
  *(tt_l1_ptr uint32_t *)0x40000 = 2; // <- fault
  noc_async_posted_writes_flushed();
}
