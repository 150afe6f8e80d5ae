#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr uint32_t words = get_compile_time_arg_val(0);
  constexpr auto args = TensorAccessorArgs<1>();
  const auto data = TensorAccessor(args, get_arg_val<uint32_t>(0));
  const uint32_t pages = get_arg_val<uint32_t>(1);
  const uint32_t factor = get_arg_val<uint32_t>(2);
  for (uint32_t page = 0; page < pages; ++page) {
    cb_reserve_back(tt::CBIndex::c_0, 1);
    const uint32_t l1 = get_write_ptr(tt::CBIndex::c_0);
    noc_async_read_page(page, data, l1);
    noc_async_read_barrier();
    auto *values = reinterpret_cast<tt_l1_ptr uint32_t *>(l1);
    for (uint32_t i = 0; i < words; ++i)
      values[i] *= factor;
    noc_async_write_page(page, data, l1);
    noc_async_write_barrier();
  }
}
