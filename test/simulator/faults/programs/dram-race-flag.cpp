// TW8313: data is read from DRAM without a look at the flag that stands for it.
// dram: A 8
// kernel: ncrisc 0,0
// kernel: brisc 1,0
// expect: * page 1 of the DRAM buffer; nothing orders this after
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const InterleavedAddrGen<true> a = {get_arg_val<uint32_t>(0), 2048};
  auto *flag = (volatile tt_l1_ptr uint32_t *)0x40000;
#ifdef COMPILE_FOR_NCRISC
#ifdef FIXED
  do {
    noc_async_read(get_noc_addr(0, a), 0x40000, 32);
    noc_async_read_barrier();
  } while (*flag != 1234);
#endif
  noc_async_read(get_noc_addr(1, a), 0x50000, 2048); // <- fault
  noc_async_read_barrier();
#else
  noc_async_write(0x50000, get_noc_addr(1, a), 2048); // <- fault
  noc_async_write_barrier();
  *flag = 1234;
  noc_async_write(0x40000, get_noc_addr(0, a), 32);
  noc_async_write_barrier();
#endif
}
