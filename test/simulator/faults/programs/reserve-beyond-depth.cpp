// TW8104: more pages are reserved than the buffer has.
// cb: cb_in 0 Float16_b 4
// kernel: ncrisc
// kernel: brisc drains cb_in 4
// expect: NCRISC which has 4 pages
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t pages = 4;
#else
  constexpr uint32_t pages = 8;
#endif
  cb_reserve_back(0, pages); // <- fault
  cb_push_back(0, pages);
}
