// TW8107: both data-movement kernels push to one buffer.
// cb: cb_in 0 Float16_b 4
// cb: cb_other 1 Float16_b 4
// kernel: ncrisc
// kernel: brisc
// expect: * pushed by
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#if defined(FIXED) && defined(COMPILE_FOR_BRISC)
  constexpr uint32_t cb = 1;
#else
  constexpr uint32_t cb = 0;
#endif
  cb_reserve_back(cb, 1);
  cb_push_back(cb, 1); // <- fault
  cb_wait_front(cb, 1);
#if defined(FIXED) || defined(COMPILE_FOR_BRISC)
  cb_pop_front(cb, 1);
#endif
}
