// TW8303: bank 12 of a chip with banks 0 to 11.
// dram: A 8
// kernel: ncrisc
// expect: NCRISC bank 12 of DRAM is used; there are 12
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
#ifdef FIXED
  constexpr uint32_t banks = 12;
#else
  constexpr uint32_t banks = 13;
#endif
  const uint32_t address = get_arg_val<uint32_t>(0);
  for (uint32_t bank = 0; bank < banks; ++bank)
    noc_async_read(get_noc_addr_from_bank_id<true>(bank, address), // <- fault
                   0x40000 + bank * 64, 64);
  noc_async_read_barrier();
}
