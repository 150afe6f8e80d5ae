// TW8309: the flag of the first round lets the second one pass.
// semaphore: 0
// kernel: ncrisc 0,0
// kernel: brisc 1,0
// expect: * nothing orders this
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t semaphore = get_semaphore(0);
#ifdef COMPILE_FOR_NCRISC
  auto *flag = (volatile tt_l1_ptr uint32_t *)semaphore;
  for (uint32_t i = 0; i < 2; ++i) {
    noc_semaphore_wait_min(flag, 1);
#ifdef FIXED
    noc_semaphore_wait_min(flag, i + 1);
#endif
    *(tt_l1_ptr uint32_t *)0x60000 =
        *(tt_l1_ptr uint32_t *)(0x50000 + 64 * i); // <- fault
  }
#else
  const uint32_t x = get_arg_val<uint32_t>(2), y = get_arg_val<uint32_t>(3);
  for (uint32_t i = 0; i < 2; ++i) {
    const uint64_t there = get_noc_addr(x, y, 0x50000 + 64 * i);
    noc_async_write(0x40000, there, 64); // <- fault
    noc_async_write_barrier();
    noc_semaphore_inc(get_noc_addr(x, y, semaphore), 1);
  }
  noc_async_atomic_barrier();
#endif
}
