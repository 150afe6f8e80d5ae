// TW8311: a buffer is freed on the host before the kernel runs.
// dram: A 8
// dram: B 8 freed
// kernel: ncrisc
// expect: NCRISC has been freed
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  const uint32_t address = get_arg_val<uint32_t>(0);
#else
  const uint32_t address = get_arg_val<uint32_t>(1);
#endif
  const uint64_t page = get_noc_addr_from_bank_id<true>(0, address);
  noc_async_read(page, 0x40000, 2048); // <- fault
  noc_async_read_barrier();
}
