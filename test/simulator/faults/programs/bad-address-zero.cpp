// TW8301: a null pointer itself is written to, in a loop that is unrolled.
// kernel: ncrisc
// expect: NCRISC a pointer writes L1 address 0, which belongs to the firmware
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  auto *words = (tt_l1_ptr uint32_t *)0x40000;
#else
  tt_l1_ptr uint32_t *words = nullptr;
#endif
  for (uint32_t i = 0; i < 4; ++i)
    words[i] = i; // <- fault
}
