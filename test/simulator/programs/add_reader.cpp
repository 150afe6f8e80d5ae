// Reads tiles of A and B, one block of tiles at a time.
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
  constexpr uint32_t bytes = get_tile_size(cb_a);
  const auto a = TensorAccessor(a_args, a_addr, bytes);
  const auto b = TensorAccessor(b_args, b_addr, bytes);
  for (uint32_t page = start; page < start + count; ++page) {
    cb_reserve_back(cb_a, 1);
    cb_reserve_back(cb_b, 1);
    noc_async_read_page(page, a, get_write_ptr(cb_a));
    noc_async_read_page(page, b, get_write_ptr(cb_b));
    noc_async_read_barrier();
    cb_push_back(cb_a, 1);
    cb_push_back(cb_b, 1);
  }
}
