// TW8311: a page behind the end of the buffer.
// dram: A 8
// kernel: ncrisc
// expect: NCRISC outside every buffer
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t page = 7;
#else
  constexpr uint32_t page = 3000;
#endif
  const InterleavedAddrGen<true> a = {get_arg_val<uint32_t>(0), 2048};
  noc_async_read(get_noc_addr(page, a), 0x40000, 2048); // <- fault
  noc_async_read_barrier();
}
