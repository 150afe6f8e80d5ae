// TW8002: a compile-time argument that the host does not give.
// kernel: ncrisc
// expect: launch compile-time-argument-past-end.cpp:10
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t pages = 1;
#else
  constexpr uint32_t pages = get_compile_time_arg_val(3);
#endif
  (void)pages;
}
