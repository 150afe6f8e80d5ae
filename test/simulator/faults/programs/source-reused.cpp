// TW8308: the source of a write is overwritten before it has left.
// kernel: ncrisc
// expect: NCRISC overwritten
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t far =
      get_noc_addr(get_arg_val<uint32_t>(0), get_arg_val<uint32_t>(1), 0x40000);
  volatile tt_l1_ptr uint32_t *value = (volatile tt_l1_ptr uint32_t *)0x40000;
  for (uint32_t i = 0; i < 2; ++i) {
    *value = i; // <- fault
    noc_async_write(0x40000, far + i * 64, 64);
#ifdef FIXED
    noc_async_writes_flushed();
#endif
  }
  noc_async_write_barrier();
}
