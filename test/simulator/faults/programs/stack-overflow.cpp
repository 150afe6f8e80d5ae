// TW8503: a recursion without end.
// kernel: ncrisc
// expect: NCRISC stack
#include "api/dataflow/dataflow_api.h"

__attribute__((noinline)) uint32_t descend(uint32_t depth) {
  volatile uint32_t room[16] = {depth};
  return depth == 0 ? 0 : descend(depth - 1) + room[depth % 16];
}

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t depth = 8;
#else
  constexpr uint32_t depth = 1 << 30;
#endif
  *(volatile tt_l1_ptr uint32_t *)0x40000 = descend(depth);
}
