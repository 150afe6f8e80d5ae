// TW8101: an index that the core does not have.
// cb: cb_in 0 Float16_b 4
// kernel: ncrisc
// expect: NCRISC 7
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t cb = 0;
#else
  constexpr uint32_t cb = 7;
#endif
  cb_reserve_back(cb, 1); // <- fault
}
