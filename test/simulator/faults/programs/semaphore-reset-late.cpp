// TW8309: the flag is reset after the call that lets the other core raise it.
// semaphore: 0
// semaphore: 0
// kernel: ncrisc 0,0
// kernel: brisc 1,0
// expect: BRISC reset by core 0,0 NCRISC
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t ready = get_semaphore(0), flag = get_semaphore(1);
#ifdef COMPILE_FOR_NCRISC
  const uint32_t x = get_arg_val<uint32_t>(0), y = get_arg_val<uint32_t>(1);
  auto *raised = (volatile tt_l1_ptr uint32_t *)flag;
#ifdef FIXED
  noc_semaphore_set(raised, 0);
#endif
  noc_semaphore_inc(get_noc_addr(x, y, ready), 1);
#ifndef FIXED
  noc_semaphore_set(raised, 0);
#endif
  noc_semaphore_wait(raised, 1);
#else
  const uint32_t x = get_arg_val<uint32_t>(2), y = get_arg_val<uint32_t>(3);
  noc_semaphore_wait((volatile tt_l1_ptr uint32_t *)ready, 1);
  noc_semaphore_inc(get_noc_addr(x, y, flag), 1); // <- fault
#endif
  noc_async_atomic_barrier();
}
