// TW8309: the signal goes on the other NoC and may overtake the data.
// semaphore: 0
// kernel: ncrisc 0,0
// kernel: brisc 1,0
// expect: NCRISC write by core 1,0 BRISC
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t semaphore = get_semaphore(0);
#ifdef COMPILE_FOR_NCRISC
  noc_semaphore_wait((volatile tt_l1_ptr uint32_t *)semaphore, 1);
  *(tt_l1_ptr uint32_t *)0x60000 = *(tt_l1_ptr uint32_t *)0x50000; // <- fault
#else
  const uint32_t x = get_arg_val<uint32_t>(2), y = get_arg_val<uint32_t>(3);
  noc_async_write(0x40000, get_noc_addr(x, y, 0x50000), 64);
#ifdef FIXED
  noc_async_write_barrier();
#endif
  noc_semaphore_inc(get_noc_addr(x, y, semaphore), 1, 1 - noc_index);
  noc_async_atomic_barrier(1 - noc_index);
  noc_async_write_barrier();
#endif
}
