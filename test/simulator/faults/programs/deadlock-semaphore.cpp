// TW8501: one signal too few.
// semaphore: 0
// kernel: ncrisc 0,0
// kernel: brisc 1,0
// expect: NCRISC to reach 2, it is 1; core 1,0 BRISC has ended (it last
// signalled
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t semaphore = get_semaphore(0);
#ifdef COMPILE_FOR_NCRISC
  noc_semaphore_wait((volatile tt_l1_ptr uint32_t *)semaphore, 2); // <- fault
#else
  const uint64_t far = get_noc_addr(get_arg_val<uint32_t>(2),
                                    get_arg_val<uint32_t>(3), semaphore);
  noc_semaphore_inc(far, 1);
#ifdef FIXED
  noc_semaphore_inc(far, 1);
#endif
  noc_async_atomic_barrier();
#endif
}
