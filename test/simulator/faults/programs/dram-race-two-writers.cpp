// TW8313: two cores write one page; writing the same values would be right.
// dram: A 8
// kernel: ncrisc 0,0
// kernel: brisc 1,0
// expect: * is written, and nothing orders this after the write by
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  auto *words = (tt_l1_ptr uint32_t *)0x40000;
  for (uint32_t i = 0; i < 64; ++i)
#if defined(FIXED) || defined(COMPILE_FOR_NCRISC)
    words[i] = i;
#else
    words[i] = i + 1;
#endif
  const InterleavedAddrGen<true> a = {get_arg_val<uint32_t>(0), 2048};
  noc_async_write(0x40000, get_noc_addr(3, a, 256), 256); // <- fault
  noc_async_write_barrier();
}
