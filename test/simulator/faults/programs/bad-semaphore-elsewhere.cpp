// TW8403: a semaphore is signalled on a core that does not have it.
// semaphore: 0 0,0
// kernel: ncrisc 0,0
// kernel: brisc 1,0
// expect: NCRISC was not created there
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef COMPILE_FOR_NCRISC
#ifdef FIXED
  const uint32_t x = get_arg_val<uint32_t>(2), y = get_arg_val<uint32_t>(3);
#else
  const uint32_t x = get_arg_val<uint32_t>(0), y = get_arg_val<uint32_t>(1);
#endif
  noc_semaphore_inc(get_noc_addr(x, y, get_semaphore(0)), 1); // <- fault
  noc_async_atomic_barrier();
#endif
}
