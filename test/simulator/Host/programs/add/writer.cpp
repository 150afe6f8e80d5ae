// Writer of `add`: blocks of C from L1 to DRAM.

#include <cstdint>

#include "api/dataflow/dataflow_api.h"
#include "api/tensor/tensor_accessor.h"

void kernel_main() {
  const uint32_t C_addr = get_arg_val<uint32_t>(0);
  const uint32_t start = get_arg_val<uint32_t>(1);
  const uint32_t count = get_arg_val<uint32_t>(2);
  constexpr uint32_t cb_C = tt::CBIndex::c_16;
  constexpr auto C_args = TensorAccessorArgs<0>();
  const auto C = TensorAccessor(C_args, C_addr, 2048);
  for (uint32_t item = start; item < start + count; ++item) {
    const uint32_t bx = item % 4;
    const uint32_t by = item / 4;
    // add.py:17: T.copy(C_local, C[by * 32, bx * 64])
    cb_wait_front(cb_C, 2);
    uint32_t C_l1 = get_read_ptr(cb_C);
    for (uint32_t c = 0; c < 2; ++c) {
      if (bx * 2 + c < 7)
        noc_async_write_page(by * 7 + bx * 2 + c, C, C_l1);
      C_l1 += 2048;
    }
    noc_async_write_barrier();
    cb_pop_front(cb_C, 2);
  }
}
