// TW8301: a transfer that ends behind its DRAM bank.
// dram: A 8
// kernel: ncrisc
// expect: NCRISC DRAM bank 0
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  const uint64_t offset = get_arg_val<uint32_t>(0);
#else
  const uint64_t offset = (uint64_t(1) << 30) - 32;
#endif
  const uint64_t page = get_noc_addr_from_bank_id<true>(0, offset);
  noc_async_read(page, 0x40000, 64); // <- fault
  noc_async_read_barrier();
}
