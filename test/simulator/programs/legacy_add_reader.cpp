// The reader of add in the spelling before 2025-06.
#include "dataflow_api.h"
#include <stdint.h>

void kernel_main() {
  const uint32_t a_addr = get_arg_val<uint32_t>(0);
  const uint32_t b_addr = get_arg_val<uint32_t>(1);
  const uint32_t start = get_arg_val<uint32_t>(2);
  const uint32_t count = get_arg_val<uint32_t>(3);
  constexpr uint32_t cb_a = tt::CB::c_in0;
  constexpr uint32_t cb_b = tt::CB::c_in1;
  const InterleavedAddrGenFast<true> a = {.bank_base_address = a_addr,
                                          .page_size = get_tile_size(cb_a),
                                          .data_format = get_dataformat(cb_a)};
  const InterleavedAddrGenFast<true> b = {.bank_base_address = b_addr,
                                          .page_size = get_tile_size(cb_b),
                                          .data_format = get_dataformat(cb_b)};
  for (uint32_t page = start; page < start + count; ++page) {
    cb_reserve_back(cb_a, 1);
    noc_async_read_tile(page, a, get_write_ptr(cb_a));
    noc_async_read_barrier();
    cb_push_back(cb_a, 1);
    cb_reserve_back(cb_b, 1);
    uint64_t address = get_noc_addr(page, b);
    noc_async_read(address, get_write_ptr(cb_b), get_tile_size(cb_b));
    noc_async_read_barrier();
    cb_push_back(cb_b, 1);
  }
}
