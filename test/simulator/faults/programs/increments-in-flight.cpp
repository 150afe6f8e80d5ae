// TW8306: the kernel ends before its increment has been acknowledged.
// semaphore: 0
// semaphore: 0
// kernel: ncrisc 0,0
// kernel: brisc 1,0
// expect: BRISC 1 semaphore increment in flight
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t semaphore = get_semaphore(0);
#ifdef COMPILE_FOR_NCRISC
  noc_semaphore_wait((volatile tt_l1_ptr uint32_t *)semaphore, 1);
#else
  const uint32_t x = get_arg_val<uint32_t>(2), y = get_arg_val<uint32_t>(3);
  noc_semaphore_inc(get_noc_addr(x, y, semaphore), 1); // <- fault
#ifdef FIXED
  noc_async_atomic_barrier();
  // Nobody acknowledges this one.
  noc_semaphore_inc</*posted=*/true>(get_noc_addr(x, y, get_semaphore(1)), 1);
#endif
#endif
}
