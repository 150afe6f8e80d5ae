// TW8002: a compile-time argument that the host does not give.
// kernel: ncrisc
// expect: launch compile-time-argument-past-end.cpp:18
#include "api/dataflow/dataflow_api.h"

/// A kernel may ask how many there are.
constexpr uint32_t pagesOr(uint32_t other) {
  if constexpr (kernel_compile_time_args.size() > 3)
    return get_compile_time_arg_val(3);
  else
    return other;
}

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t pages = pagesOr(1);
#else
  constexpr uint32_t pages = get_compile_time_arg_val(3);
#endif
  (void)pages;
}
