// TW8309: the counter is reset before all that are counted have come.
// semaphore: 0
// kernel: ncrisc 0,0
// kernel: brisc 0,0
// kernel: brisc 1,0
// expect: BRISC reset by core 0,0 NCRISC
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t counter = get_semaphore(0);
#ifdef COMPILE_FOR_NCRISC
  auto *count = (volatile tt_l1_ptr uint32_t *)counter;
#ifdef FIXED
  noc_semaphore_wait(count, 2);
#else
  noc_semaphore_wait(count, 1);
#endif
  noc_semaphore_set(count, 0);
#else
  const uint32_t x = get_arg_val<uint32_t>(2), y = get_arg_val<uint32_t>(3);
  if (my_x[noc_index] != x) { // the other core is late
    noc_async_read(get_noc_addr(x, y, 0x50000), 0x40000, 8192);
    noc_async_read_barrier();
  }
  noc_semaphore_inc(get_noc_addr(x, y, counter), 1); // <- fault
  noc_async_atomic_barrier();
#endif
}
