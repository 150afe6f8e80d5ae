// TW8306: the kernel ends before its writes have been acknowledged.
// dram: A 8
// kernel: brisc
// expect: BRISC 1 write in flight
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  *(tt_l1_ptr uint32_t *)0x40000 = 0;
  noc_async_write(0x40000,
                  get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0)),
                  64);
#ifdef FIXED
  noc_async_write_barrier();
#endif
}
