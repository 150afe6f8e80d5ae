// TW8302: a write to another core shifts its bytes.
// kernel: ncrisc
// expect: NCRISC modulo 16
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t to =
      get_noc_addr(get_arg_val<uint32_t>(0), get_arg_val<uint32_t>(1), 0x50000);
#ifdef FIXED
  noc_async_write(0x40000, to, 64);
#else
  noc_async_write(0x40004, to, 64); // <- fault
#endif
  noc_async_write_barrier();
}
