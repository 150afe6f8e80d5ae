// TW8401: argument 4 of 4.
// kernel: ncrisc
// expect: NCRISC argument 4 is read, but 4 were set
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t index = 3;
#else
  constexpr uint32_t index = 4;
#endif
  *(volatile tt_l1_ptr uint32_t *)0x40000 =
      get_arg_val<uint32_t>(index); // <- fault
}
