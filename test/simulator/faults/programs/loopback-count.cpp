// TW8305: the loopback form counts its sender, too.
// kernel: ncrisc
// expect: NCRISC 1 receivers; has 2
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t x1 = get_arg_val<uint32_t>(0), y1 = get_arg_val<uint32_t>(1);
  const uint32_t x0 = get_arg_val<uint32_t>(2), y0 = get_arg_val<uint32_t>(3);
  const uint64_t both = get_noc_multicast_addr(x0, y0, x1, y1, 0x50000);
#ifdef FIXED
  noc_async_write_multicast_loopback_src(0x40000, both, 64, 2);
  // The sender's own copy may lie where it is already.
  noc_async_write_multicast_loopback_src(
      0x60000, get_noc_multicast_addr(x0, y0, x1, y1, 0x60000), 64, 2);
#else
  noc_async_write_multicast_loopback_src(0x40000, both, 64, 1); // <- fault
#endif
  noc_async_write_barrier();
}
