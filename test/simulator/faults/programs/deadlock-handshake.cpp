// TW8501: each side waits for the signal of the other one before its own.
// semaphore: 0
// kernel: ncrisc 0,0
// kernel: brisc 1,0
// expect: * cycle: ; core 1,0 BRISC; nothing has signalled it; uses it
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t semaphore = get_semaphore(0);
  auto *mine = (volatile tt_l1_ptr uint32_t *)semaphore;
#ifdef COMPILE_FOR_NCRISC
  const uint64_t other = get_noc_addr(get_arg_val<uint32_t>(0),
                                      get_arg_val<uint32_t>(1), semaphore);
#else
  const uint64_t other = get_noc_addr(get_arg_val<uint32_t>(2),
                                      get_arg_val<uint32_t>(3), semaphore);
#endif
#ifdef FIXED
  noc_semaphore_inc(other, 1);
  noc_semaphore_wait(mine, 1);
#else
  noc_semaphore_wait(mine, 1); // <- fault
  noc_semaphore_inc(other, 1);
#endif
  noc_async_atomic_barrier();
}
