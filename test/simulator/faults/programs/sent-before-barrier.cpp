// TW8307: bytes are sent on before they have arrived.
// dram: A 8
// kernel: ncrisc
// expect: NCRISC sent on
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t page =
      get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0));
  const uint64_t far =
      get_noc_addr(get_arg_val<uint32_t>(1), get_arg_val<uint32_t>(2), 0x40000);
  noc_async_read(page, 0x40000, 2048);
#ifdef FIXED
  noc_async_read_barrier();
#endif
  noc_async_write(0x40000, far, 2048); // <- fault
  noc_async_read_barrier();
  noc_async_write_barrier();
}
