// TW8301: a null pointer as the target of a read.
// dram: A 8
// kernel: ncrisc
// expect: NCRISC firmware
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t address = get_arg_val<uint32_t>(0);
  const uint64_t page = get_noc_addr_from_bank_id<true>(0, address);
#ifdef FIXED
  constexpr uint32_t target = 0x40000;
#else
  constexpr uint32_t target = 0;
#endif
  noc_async_read(page, target, 64); // <- fault
  noc_async_read_barrier();
}
