// TW8309: a block is multicast again while its receiver still reads the last.
// semaphore: 0
// kernel: ncrisc 0,0
// kernel: brisc 1,0
// semaphore: 0
// expect: * nothing orders this
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  auto *sent = (volatile tt_l1_ptr uint32_t *)get_semaphore(0);
  auto *ready = (volatile tt_l1_ptr uint32_t *)get_semaphore(1);
#ifdef COMPILE_FOR_NCRISC
  const uint32_t x = get_arg_val<uint32_t>(0), y = get_arg_val<uint32_t>(1);
  for (uint32_t block = 0; block < 2; ++block) {
    noc_semaphore_inc(get_noc_addr(x, y, get_semaphore(1)), 1);
    noc_semaphore_wait_min(sent, block + 1);
    *(tt_l1_ptr uint32_t *)0x60000 = *(tt_l1_ptr uint32_t *)0x50000; // <- fault
  }
  noc_async_atomic_barrier();
#else
  const uint32_t x = get_arg_val<uint32_t>(2), y = get_arg_val<uint32_t>(3);
  for (uint32_t block = 0; block < 2; ++block) {
#ifdef FIXED
    noc_semaphore_wait_min(ready, block + 1);
#else
    noc_semaphore_wait_min(ready, 1);
#endif
    noc_async_write(0x40000, get_noc_addr(x, y, 0x50000), 64); // <- fault
    noc_async_write_barrier();
    noc_semaphore_inc(get_noc_addr(x, y, get_semaphore(0)), 1);
  }
  noc_async_atomic_barrier();
#endif
}
