// TW8502: a division by zero.
// kernel: ncrisc
// expect: NCRISC divides by zero
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  volatile uint32_t zero = 0;
#ifdef FIXED
  zero = 1;
#endif
  *(volatile tt_l1_ptr uint32_t *)0x40000 = 8 / zero;
}
