// TW8306: the kernel ends before its read has landed.
// dram: A 8
// kernel: ncrisc
// expect: NCRISC 1 read in flight
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t address = get_arg_val<uint32_t>(0);
  const uint64_t page = get_noc_addr_from_bank_id<true>(0, address);
  noc_async_read(page, 0x40000, 2048); // <- fault
#ifdef FIXED
  noc_async_read_barrier();
#endif
}
