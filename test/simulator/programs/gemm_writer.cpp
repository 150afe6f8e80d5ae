// 4x4 output tiles of each work item.
#include "api/dataflow/dataflow_api.h"
#include "api/tensor/tensor_accessor.h"
#include <cstdint>

void kernel_main() {
  const uint32_t c_addr = get_arg_val<uint32_t>(0);
  const uint32_t start = get_arg_val<uint32_t>(1);
  const uint32_t count = get_arg_val<uint32_t>(2);
  constexpr uint32_t cb_c = tt::CBIndex::c_16;
  constexpr uint32_t nt = get_named_compile_time_arg_val("nt");
  constexpr uint32_t blocks = nt / 4;
  constexpr auto c_args = TensorAccessorArgs<0>();
  const auto c = TensorAccessor(c_args, c_addr, get_tile_size(cb_c));
  for (uint32_t item = start; item < start + count; ++item) {
    const uint32_t bx = item % blocks;
    const uint32_t by = item / blocks;
    for (uint32_t row = 0; row < 4; ++row)
      for (uint32_t col = 0; col < 4; ++col) {
        cb_wait_front(cb_c, 1);
        noc_async_write_page((by * 4 + row) * nt + bx * 4 + col, c,
                             get_read_ptr(cb_c));
        noc_async_write_barrier();
        cb_pop_front(cb_c, 1);
      }
  }
}
