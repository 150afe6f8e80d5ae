// TW8311: the other core does not have the circular buffer that is written to.
// cb: cb_in 0 Float16_b 2 on 0,0
// cb-fixed: cb_in 0 Float16_b 2
// kernel: ncrisc 0,0
// kernel: brisc 1,0
// expect: NCRISC cb_in of core 0,0; core 1,0 has no buffer there
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef COMPILE_FOR_NCRISC
  const uint32_t x = get_arg_val<uint32_t>(0), y = get_arg_val<uint32_t>(1);
  const uint64_t there = get_noc_addr(x, y, get_write_ptr(0));
  noc_async_write(0x40000, there, 2048); // <- fault
  noc_async_write_barrier();
#endif
}
