// TW8507: the counter steps over its end.
// kernel: ncrisc
// loop-budget: 4194304
// expect: NCRISC turns without a call
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t end = 8;
#else
  constexpr uint32_t end = 7;
#endif
  for (uint32_t i = 0; i != end; i += 2) { // <- fault
  }
}
