// TW8310: a write between the links of a chain.
// kernel: ncrisc
// expect: NCRISC follows a linked multicast
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t x1 = get_arg_val<uint32_t>(0), y1 = get_arg_val<uint32_t>(1);
  const uint32_t x0 = get_arg_val<uint32_t>(2), y0 = get_arg_val<uint32_t>(3);
  const uint64_t target = get_noc_multicast_addr(x1, y1, x1, y1, 0x50000);
  const uint64_t far = get_noc_addr(x1, y1, 0x60000);
  noc_async_write_multicast(0x40000, target, 64, 1, true);
#ifdef FIXED
  noc_async_write_multicast(0x40000, target, 64, 1);
  noc_async_write(0x40000, far, 64);
#else
  noc_async_write(0x40000, far, 64); // <- fault
  noc_async_write_multicast(0x40000, target, 64, 1);
#endif
  noc_async_write_barrier();
  (void)x0, (void)y0;
}
