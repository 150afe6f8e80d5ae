// TW8401: a common argument that nobody has set.
// kernel: ncrisc
// expect: NCRISC common
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  (void)get_arg_val<uint32_t>(0);
#else
  (void)get_common_arg_val<uint32_t>(0); // <- fault
#endif
}
