// TW8304: one packet carries 8192 bytes on Wormhole.
// kernel: ncrisc
// expect: NCRISC 8192
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t far =
      get_noc_addr(get_arg_val<uint32_t>(0), get_arg_val<uint32_t>(1), 0x40000);
#ifdef FIXED
  noc_async_read(far, 0x40000, 16384);
#else
  noc_async_read_one_packet(far, 0x40000, 16384); // <- fault
#endif
  noc_async_read_barrier();
}
