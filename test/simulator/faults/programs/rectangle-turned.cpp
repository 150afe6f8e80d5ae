// TW8303: start and end of the rectangle are exchanged, as for the other NoC.
// kernel: ncrisc
// expect: NCRISC on NoC 0; from (20, 18) to (19, 18); smaller coordinates first
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t x = get_arg_val<uint32_t>(0), y = get_arg_val<uint32_t>(1);
#ifdef FIXED
  const uint64_t two = get_noc_multicast_addr(x, y, x + 1, y, 0x40000);
#else
  const uint64_t two = get_noc_multicast_addr(x + 1, y, x, y, 0x40000);
#endif
  noc_async_write_multicast(0x40000, two, 64, 2); // <- fault
  noc_async_write_barrier();
}
