// Writes the tiles of one circular buffer to consecutive pages.
#include "api/dataflow/dataflow_api.h"
#include "api/tensor/tensor_accessor.h"
#include <cstdint>

void kernel_main() {
  const uint32_t c_addr = get_arg_val<uint32_t>(0);
  const uint32_t start = get_arg_val<uint32_t>(1);
  const uint32_t count = get_arg_val<uint32_t>(2);
  constexpr uint32_t cb_c = tt::CBIndex::c_16;
  constexpr auto c_args = TensorAccessorArgs<0>();
  const auto c = TensorAccessor(c_args, c_addr, get_tile_size(cb_c));
  for (uint32_t page = start; page < start + count; ++page) {
    cb_wait_front(cb_c, 1);
    noc_async_write_page(page, c, get_read_ptr(cb_c));
    noc_async_write_barrier();
    cb_pop_front(cb_c, 1);
  }
}
