// TW8106: a read ahead goes to a page that is not yet free.
// dram: A 8
// cb: cb_in 0 Float16_b 4
// kernel: ncrisc
// kernel: brisc drains cb_in 8
// expect: NCRISC 2048 bytes are read to page 2 of cb_in; 2 pages are reserved
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t ahead = 2;
#else
  constexpr uint32_t ahead = 3;
#endif
  const uint64_t page =
      get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0));
  const uint32_t first = get_write_ptr(0);
  for (uint32_t i = 0; i < 8 + ahead - 1; ++i) {
    if (i < 8) {
      cb_reserve_back(0, 2);
      noc_async_read_set_trid(1 + i % 4);
      noc_async_read(page, first + i % 4 * 2048, 2048); // <- fault
    }
    if (i >= ahead - 1) {
      noc_async_read_barrier_with_trid(1 + (i - ahead + 1) % 4);
      cb_push_back(0, 1);
    }
  }
  noc_async_read_set_trid(0);
}
