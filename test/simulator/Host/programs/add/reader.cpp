// Reader of `add`: blocks of A and B from DRAM to L1.

#include <cstdint>

#include "api/dataflow/dataflow_api.h"
#include "api/tensor/tensor_accessor.h"

void kernel_main() {
  const uint32_t A_addr = get_arg_val<uint32_t>(0);
  const uint32_t B_addr = get_arg_val<uint32_t>(1);
  const uint32_t start = get_arg_val<uint32_t>(2);
  const uint32_t count = get_arg_val<uint32_t>(3);
  constexpr uint32_t cb_A_shared = tt::CBIndex::c_0;
  constexpr uint32_t cb_B_shared = tt::CBIndex::c_1;
  constexpr auto A_args = TensorAccessorArgs<0>();
  constexpr auto B_args =
      TensorAccessorArgs<A_args.next_compile_time_args_offset()>();
  const auto A = TensorAccessor(A_args, A_addr, 2048);
  const auto B = TensorAccessor(B_args, B_addr, 2048);
  for (uint32_t item = start; item < start + count; ++item) {
    const uint32_t bx = item % 4;
    const uint32_t by = item / 4;
    // add.py:13: T.copy(A[by * 32, bx * 64], A_shared)
    cb_reserve_back(cb_A_shared, 2);
    uint32_t A_shared_l1 = get_write_ptr(cb_A_shared);
    for (uint32_t c = 0; c < 2; ++c) {
      if (bx * 2 + c < 7)
        noc_async_read_page(by * 7 + bx * 2 + c, A, A_shared_l1);
      else
        for (uint32_t zeros = 0; zeros < 2048; zeros += MEM_ZEROS_SIZE)
          noc_async_read(get_noc_addr(MEM_ZEROS_BASE), A_shared_l1 + zeros,
                         MEM_ZEROS_SIZE);
      A_shared_l1 += 2048;
    }
    // add.py:14: T.copy(B[by * 32, bx * 64], B_shared)
    cb_reserve_back(cb_B_shared, 2);
    uint32_t B_shared_l1 = get_write_ptr(cb_B_shared);
    for (uint32_t c = 0; c < 2; ++c) {
      if (bx * 2 + c < 7)
        noc_async_read_page(by * 7 + bx * 2 + c, B, B_shared_l1);
      else
        for (uint32_t zeros = 0; zeros < 2048; zeros += MEM_ZEROS_SIZE)
          noc_async_read(get_noc_addr(MEM_ZEROS_BASE), B_shared_l1 + zeros,
                         MEM_ZEROS_SIZE);
      B_shared_l1 += 2048;
    }
    noc_async_read_barrier();
    cb_push_back(cb_A_shared, 2);
    cb_push_back(cb_B_shared, 2);
  }
}
