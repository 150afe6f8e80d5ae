// TW8305: a flag is multicast to one receiver more than there are.
// semaphore: 0
// kernel: ncrisc
// expect: NCRISC 2 receivers
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t x1 = get_arg_val<uint32_t>(0), y1 = get_arg_val<uint32_t>(1);
  const uint32_t x0 = get_arg_val<uint32_t>(2), y0 = get_arg_val<uint32_t>(3);
  const uint32_t flag = get_semaphore(0);
  noc_semaphore_set((volatile tt_l1_ptr uint32_t *)flag, 1);
  const uint64_t other = get_noc_multicast_addr(x1, y1, x1, y1, flag);
#ifdef FIXED
  noc_semaphore_set_multicast(flag, other, 1);
#else
  noc_semaphore_set_multicast(flag, other, 2); // <- fault
#endif
  noc_async_write_barrier();
}
