// TW8506: the run is longer than the limit that was set.
// kernel: ncrisc
// cycles: 20000
// expect: launch 20000 cycles
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t turns = 10;
#else
  constexpr uint32_t turns = 100000;
#endif
  for (uint32_t i = 0; i < turns; ++i)
    noc_semaphore_set((volatile tt_l1_ptr uint32_t *)0x40000, i);
}
