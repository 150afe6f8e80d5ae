// TW8403: a semaphore that the program does not create.
// semaphore: 0
// kernel: ncrisc
// expect: NCRISC semaphore 3
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t id = 0;
#else
  constexpr uint32_t id = 3;
#endif
  noc_semaphore_set(
      (volatile tt_l1_ptr uint32_t *)get_semaphore(id), // <- fault
      1);
}
