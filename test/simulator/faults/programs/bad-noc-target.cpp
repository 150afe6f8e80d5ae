// TW8303: logical coordinates in a NoC address.
// kernel: ncrisc
// expect: NCRISC (50, 50)
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  const uint32_t x = get_arg_val<uint32_t>(0), y = get_arg_val<uint32_t>(1);
#else
  const uint32_t x = 50, y = 50;
#endif
  noc_async_read(get_noc_addr(x, y, 0x40000), 0x40000, 64); // <- fault
  noc_async_read_barrier();
}
