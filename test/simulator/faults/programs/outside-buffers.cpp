// TW8311: a place in a bank behind the end of the buffer.
// dram: A 8
// kernel: ncrisc
// expect: NCRISC outside every buffer
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t page = 0;
#else
  constexpr uint32_t page = 250;
#endif
  const uint32_t address = get_arg_val<uint32_t>(0) + page * 2048;
  const uint64_t place = get_noc_addr_from_bank_id<true>(3, address);
  noc_async_read(place, 0x40000, 2048); // <- fault
  noc_async_read_barrier();
}
