// TW8303: an atomic increment of a word in DRAM.
// dram: A 8
// kernel: ncrisc
// expect: NCRISC DRAM
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t bank =
      get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0));
#ifdef FIXED
  (void)bank;
  noc_semaphore_inc(
      get_noc_addr(get_arg_val<uint32_t>(1), get_arg_val<uint32_t>(2), 0x50000),
      7);
#else
  noc_semaphore_inc(bank, 7); // <- fault
#endif
  noc_async_atomic_barrier();
}
