// TW8312: transaction ids are 0 to 15.
// dram: A 8
// kernel: ncrisc
// expect: NCRISC transaction id 16
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t from =
      get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0));
#ifdef FIXED
  noc_async_read_set_trid(15);
#else
  noc_async_read_set_trid(16);
#endif
  noc_async_read(from, 0x40000, 64); // <- fault
  noc_async_read_barrier();
}
