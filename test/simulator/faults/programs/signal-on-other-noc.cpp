// TW8309: a signal runs ahead of data with a transaction id on the other NoC.
// semaphore: 0
// kernel: ncrisc 0,0
// kernel: brisc 1,0
// expect: NCRISC nothing orders this
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t semaphore = get_semaphore(0);
#ifdef COMPILE_FOR_NCRISC
  noc_semaphore_wait((volatile tt_l1_ptr uint32_t *)semaphore, 1);
  *(tt_l1_ptr uint32_t *)0x60000 = *(tt_l1_ptr uint32_t *)0x50000; // <- fault
#else
  const uint32_t x = get_arg_val<uint32_t>(2), y = get_arg_val<uint32_t>(3);
#ifdef FIXED
  const uint8_t noc = noc_index;
#else
  const uint8_t noc = 1 - noc_index;
#endif
  noc_async_write_one_packet_with_trid(0x40000, get_noc_addr(x, y, 0x50000), 64,
                                       3);
  noc_semaphore_inc(get_noc_addr(x, y, semaphore), 1, noc);
  noc_async_write_barrier_with_trid(3);
  noc_async_atomic_barrier(noc);
#endif
}
