// TW8104: more pages are waited for than the buffer can hold.
// cb: cb_in 0 Float16_b 4
// kernel: ncrisc
// expect: NCRISC which has 4 pages
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t pages = 4;
#else
  constexpr uint32_t pages = 5;
#endif
  cb_reserve_back(0, 4);
  cb_push_back(0, 4);
  cb_wait_front(0, pages); // <- fault
  cb_pop_front(0, pages);
}
