// TW8313: a kernel reads back what it has not waited to be written.
// dram: A 8
// kernel: brisc
// expect: BRISC is read, and nothing orders this after the write by BRISC
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const InterleavedAddrGen<true> a = {get_arg_val<uint32_t>(0), 2048};
  for (uint32_t page = 0; page < 8; ++page) {
    noc_async_write(0x40000, get_noc_addr(page, a), 2048);
#ifdef FIXED
    noc_async_write_barrier();
#else
    noc_async_writes_flushed();
#endif
    noc_async_read(get_noc_addr(page, a), 0x50000, 2048); // <- fault
    noc_async_read_barrier();
  }
  noc_async_write_barrier();
}
