// TW8401: argument 4 of 4, read where arguments lie in L1.
// kernel: ncrisc
// expect: NCRISC argument 4 is read through a pointer, but 4 were set
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const auto *arguments = (tt_l1_ptr uint32_t *)get_arg_addr(0);
#ifdef FIXED
  constexpr uint32_t count = 4;
#else
  constexpr uint32_t count = 5;
#endif
  uint32_t sum = 0;
  for (uint32_t i = 0; i < count; ++i)
    sum += arguments[i]; // <- fault
  *(volatile tt_l1_ptr uint32_t *)0x40000 = sum;
}
