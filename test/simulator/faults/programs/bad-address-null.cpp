// TW8301: a null pointer is written to, which is where the firmware begins.
// kernel: ncrisc
// expect: NCRISC a pointer writes L1 address 8, which belongs to the firmware
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  auto *words = (volatile tt_l1_ptr uint32_t *)0x40000;
#else
  volatile tt_l1_ptr uint32_t *words = nullptr;
#endif
  words[2] = 1; // <- fault
}
