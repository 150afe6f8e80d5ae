// TW8307: a value is used while the read that brings it is in flight.
// dram: A 8
// kernel: ncrisc
// expect: NCRISC in flight
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t address = get_arg_val<uint32_t>(0);
  const uint64_t page = get_noc_addr_from_bank_id<true>(0, address);
  noc_async_read(page, 0x40000, 64);
#ifdef FIXED
  noc_async_read_barrier();
#endif
  volatile tt_l1_ptr uint32_t *value = (volatile tt_l1_ptr uint32_t *)0x40000;
  value[64] = value[0]; // <- fault
  noc_async_read_barrier();
}
