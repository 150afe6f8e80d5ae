// TW8313: a core reads from DRAM what another one writes, without a signal.
// dram: A 8
// semaphore: 0
// kernel: ncrisc 0,0
// kernel: brisc 1,0
// expect: * page 1 of the DRAM buffer; nothing orders this after
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t semaphore = get_semaphore(0);
  const InterleavedAddrGen<true> a = {get_arg_val<uint32_t>(0), 2048};
#ifdef COMPILE_FOR_NCRISC
#ifdef FIXED
  noc_semaphore_wait((volatile tt_l1_ptr uint32_t *)semaphore, 1);
#endif
  noc_async_read(get_noc_addr(1, a, 1024), 0x40000, 512); // <- fault
  noc_async_read_barrier();
#else
  const uint32_t x = get_arg_val<uint32_t>(3), y = get_arg_val<uint32_t>(4);
  noc_async_write(0x40000, get_noc_addr(1, a), 2048); // <- fault
  noc_async_write_barrier();
  noc_semaphore_inc(get_noc_addr(x, y, semaphore), 1);
  noc_async_atomic_barrier();
#endif
}
