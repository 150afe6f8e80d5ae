// TW8302: a multicast from an address that is not aligned as its targets are.
// kernel: ncrisc
// expect: NCRISC differ modulo 16
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t x = get_arg_val<uint32_t>(0), y = get_arg_val<uint32_t>(1);
  const uint64_t one = get_noc_multicast_addr(x, y, x, y, 0x40000);
#ifdef FIXED
  constexpr uint32_t source = 0x40000;
#else
  constexpr uint32_t source = 0x40004;
#endif
  noc_async_write_multicast(source, one, 64, 1); // <- fault
  noc_async_write_barrier();
}
