// TW8301: a read beyond the L1 of another core.
// kernel: ncrisc
// expect: NCRISC core 1,0
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t x = get_arg_val<uint32_t>(0), y = get_arg_val<uint32_t>(1);
#ifdef FIXED
  noc_async_read(get_noc_addr(x, y, 0x50000), 0x40000, 2048);
#else
  noc_async_read(get_noc_addr(x, y, 1499136 - 1024), 0x40000, 2048); // <- fault
#endif
  noc_async_read_barrier();
}
