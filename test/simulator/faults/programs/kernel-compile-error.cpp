// TW8002: a call that does not exist.
// cb: cb_in 0 Float16_b 1
// kernel: ncrisc
// expect: launch cb_reserve_front
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  cb_reserve_back(0, 1);
#else
  cb_reserve_front(0, 1); // <- fault
#endif
}
