// TW8305: one core in the rectangle, two receivers named.
// kernel: ncrisc
// expect: NCRISC 2 receivers
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t x = get_arg_val<uint32_t>(0), y = get_arg_val<uint32_t>(1);
  const uint64_t one = get_noc_multicast_addr(x, y, x, y, 0x40000);
#ifdef FIXED
  constexpr uint32_t receivers = 1;
#else
  constexpr uint32_t receivers = 2;
#endif
  noc_async_write_multicast(0x40000, one, 64, receivers); // <- fault
  noc_async_write_barrier();
}
