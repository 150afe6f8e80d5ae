// TW8311: a page behind the last one, where the next buffer lies.
// dram: A 8
// dram: B 8
// kernel: ncrisc
// expect: NCRISC writes 2048 bytes of page 12 of the DRAM buffer; has 8 pages
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t last = 7;
#else
  constexpr uint32_t last = 12;
#endif
  const InterleavedAddrGen<true> a = {get_arg_val<uint32_t>(0), 2048};
  // To name a page is no mistake yet.
  const uint64_t next = get_noc_addr(last + 1, a);
  for (uint32_t page = 0; page <= last; page += last)
    noc_async_write(0x40000, get_noc_addr(page, a), 2048); // <- fault
  noc_async_write_barrier();
  if (next == 0)
    noc_async_read(next, 0x40000, 2048);
}
