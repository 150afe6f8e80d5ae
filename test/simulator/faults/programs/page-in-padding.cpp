// TW8311: a page that only fills the last row of the buffer is read.
// dram: A 8
// kernel: ncrisc
// expect: NCRISC reads 64 bytes of page 9 of the DRAM buffer; has 8 pages
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t page = 7;
#else
  constexpr uint32_t page = 9;
#endif
  const InterleavedAddrGenFast<true> a = {get_arg_val<uint32_t>(0), 2048,
                                          DataFormat::Float16_b};
  noc_async_read(get_noc_addr(page, a, 64), 0x40000, 64); // <- fault
  noc_async_read_barrier();
}
