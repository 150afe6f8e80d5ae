// TW8302: a word at an odd address.
// kernel: ncrisc
// expect: NCRISC no multiple of 4
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  const uint32_t address = 0x40004;
#else
  const uint32_t address = 0x40002;
#endif
  *(volatile tt_l1_ptr uint32_t *)address = 1; // <- fault
}
