// TW8501: a semaphore is raised past the value that is waited for.
// semaphore: 0
// kernel: ncrisc 0,0
// kernel: brisc 1,0
// expect: NCRISC to reach 1, it is 2
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t semaphore = get_semaphore(0);
#ifdef COMPILE_FOR_NCRISC
  auto *flag = (volatile tt_l1_ptr uint32_t *)semaphore;
  for (uint32_t i = 0; i < 20000; ++i)
    (void)*flag;
#ifdef FIXED
  noc_semaphore_wait_min(flag, 1);
#else
  noc_semaphore_wait(flag, 1); // <- fault
#endif
#else
  noc_semaphore_inc(get_noc_addr(get_arg_val<uint32_t>(2),
                                 get_arg_val<uint32_t>(3), semaphore),
                    2);
  noc_async_atomic_barrier();
#endif
}
