// TW8301: a pointer past the end of L1.
// kernel: ncrisc
// expect: NCRISC outside
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  const uint32_t address = 0x50000;
#else
  const uint32_t address = 1499136; // 1464 KiB, the first byte behind L1
#endif
  *(volatile tt_l1_ptr uint32_t *)address = 1; // <- fault
}
