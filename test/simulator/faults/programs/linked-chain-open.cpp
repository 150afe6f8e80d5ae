// TW8310: the last multicast of a chain is linked.
// kernel: ncrisc
// expect: NCRISC chain of linked multicasts
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t x1 = get_arg_val<uint32_t>(0), y1 = get_arg_val<uint32_t>(1);
  const uint32_t x0 = get_arg_val<uint32_t>(2), y0 = get_arg_val<uint32_t>(3);
  const uint64_t target = get_noc_multicast_addr(x1, y1, x1, y1, 0x50000);
#ifdef FIXED
  constexpr bool more = false;
#else
  constexpr bool more = true;
#endif
  noc_async_write_multicast(0x40000, target, 64, 1, true);
  noc_async_write_multicast(0x40000, target, 64, 1, more); // <- fault
  noc_async_write_barrier();
  (void)x0, (void)y0;
}
