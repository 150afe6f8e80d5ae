// Blocks of A (Bm x Bk tiles) and B (Bk x Bn tiles), one output block a core
// and work item.
#include "api/dataflow/dataflow_api.h"
#include "api/tensor/tensor_accessor.h"
#include <cstdint>

void kernel_main() {
  const uint32_t a_addr = get_arg_val<uint32_t>(0);
  const uint32_t b_addr = get_arg_val<uint32_t>(1);
  const uint32_t start = get_arg_val<uint32_t>(2);
  const uint32_t count = get_arg_val<uint32_t>(3);
  constexpr uint32_t cb_a = tt::CBIndex::c_0;
  constexpr uint32_t cb_b = tt::CBIndex::c_1;
  constexpr auto a_args = TensorAccessorArgs<0>();
  constexpr auto b_args =
      TensorAccessorArgs<a_args.next_compile_time_args_offset()>();
  constexpr uint32_t kt = get_named_compile_time_arg_val("kt");
  constexpr uint32_t nt = get_named_compile_time_arg_val("nt");
  constexpr uint32_t blocks = nt / 4;
  constexpr uint32_t bytes = get_tile_size(cb_a);
  const auto a = TensorAccessor(a_args, a_addr, bytes);
  const auto b = TensorAccessor(b_args, b_addr, bytes);
  for (uint32_t item = start; item < start + count; ++item) {
    const uint32_t bx = item % blocks;
    const uint32_t by = item / blocks;
    for (uint32_t k = 0; k < kt; ++k) {
      cb_reserve_back(cb_a, 4);
      uint32_t l1 = get_write_ptr(cb_a);
      for (uint32_t r = 0; r < 4; ++r) {
        noc_async_read_page((by * 4 + r) * kt + k, a, l1);
        l1 += bytes;
      }
      cb_reserve_back(cb_b, 4);
      l1 = get_write_ptr(cb_b);
      for (uint32_t c = 0; c < 4; ++c) {
        noc_async_read_page(k * nt + bx * 4 + c, b, l1);
        l1 += bytes;
      }
      noc_async_read_barrier();
      cb_push_back(cb_a, 4);
      cb_push_back(cb_b, 4);
    }
  }
}
