// TW8302: an increment of no whole word.
// semaphore: 0
// kernel: ncrisc
// expect: NCRISC 4
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t semaphore = get_semaphore(0);
  const uint32_t x = get_arg_val<uint32_t>(0), y = get_arg_val<uint32_t>(1);
#ifdef FIXED
  noc_semaphore_inc(get_noc_addr(x, y, semaphore), 1);
#else
  noc_semaphore_inc(get_noc_addr(x, y, semaphore + 2), 1); // <- fault
#endif
  noc_async_atomic_barrier();
}
